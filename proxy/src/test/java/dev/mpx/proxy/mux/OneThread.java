package dev.mpx.proxy.mux;

import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/** A scheduler that has the caller's thread alone. Its workers keep nothing of their own: tasks outlive them. */
public abstract class OneThread implements Scheduler {
    @Override
    public final Worker createWorker() {
        return new Worker() {
            @Override
            public Disposable schedule(Runnable task) {
                return OneThread.this.schedule(task);
            }

            @Override
            public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
                return OneThread.this.schedule(task, delay, unit);
            }

            @Override
            public void dispose() {}
        };
    }
}
