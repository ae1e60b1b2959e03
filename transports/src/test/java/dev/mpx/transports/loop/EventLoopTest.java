package dev.mpx.transports.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.mpx.transports.OnLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

@Timeout(20)
class EventLoopTest {
    private EventLoop loop;
    private OnLoop on;

    @BeforeEach
    void start() throws Exception {
        loop = EventLoop.start("test-loop");
        on = new OnLoop(loop);
    }

    @AfterEach
    void stop() {
        loop.close();
    }

    @Test
    void tasksRunInTheOrderInWhichTheyWereGiven() throws Exception {
        List<Integer> seen = new ArrayList<>();
        CountDownLatch done = new CountDownLatch(1000);
        IntStream.range(0, 1000).forEach(i -> loop.execute(() -> {
            seen.add(i);
            done.countDown();
        }));
        assertThat(done.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(seen).isSorted().hasSize(1000);
    }

    @Test
    void aFailingTaskEndsNothing() {
        loop.execute(() -> {
            throw new IllegalStateException("on purpose");
        });
        loop.execute(() -> {
            throw new StackOverflowError("on purpose");
        });
        assertThat(on.get(() -> "alive")).isEqualTo("alive");
    }

    @Test
    void aBurstOfTasksWakesTheSelectorOnceAndTasksOfTheLoopItselfNever() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        loop.execute(() -> {
            entered.countDown();
            awaitQuietly(release);
        });
        entered.await();
        int before = loop.wakeUps();
        AtomicInteger ran = new AtomicInteger();
        for (int i = 0; i < 500; i++) {
            loop.execute(ran::incrementAndGet);
        }
        assertThat(loop.wakeUps()).isEqualTo(before);
        release.countDown();
        await().until(() -> ran.get() == 500);
        int afterBurst = on.get(loop::wakeUps);
        int afterOwn = on.get(() -> {
            loop.execute(ran::incrementAndGet);
            return loop.wakeUps();
        });
        // one for each of the two calls from outside at most
        assertThat(afterOwn - afterBurst).isLessThanOrEqualTo(1);
        assertThat(afterBurst - before).isLessThanOrEqualTo(1);
    }

    @Test
    void aCancelledTimerLeavesTheQueue() {
        List<Disposable> timers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            timers.add(loop.scheduler().schedule(() -> {}, 1, TimeUnit.HOURS));
        }
        Scheduler.Worker worker = loop.scheduler().createWorker();
        worker.schedule(() -> {}, 1, TimeUnit.HOURS);
        assertThat(on.get(() -> loop.timers().size())).isEqualTo(101);
        timers.forEach(Disposable::dispose);
        assertThat(on.get(() -> loop.timers().size())).isEqualTo(1);
        worker.dispose();
        assertThat(on.get(() -> loop.timers().size())).isZero();
        assertThat(on.get(() -> {
            loop.scheduler().schedule(() -> {}, 1, TimeUnit.HOURS).dispose();
            return loop.timers().size();
        })).as("on the loop itself").isZero();
    }

    @Test
    void timersFireInTheirOrderAndNeverEarly() {
        long start = loop.scheduler().now(TimeUnit.MILLISECONDS);
        // all scheduled in one task on the loop, so that a test thread that is held up changes nothing
        List<Long> delays = Flux.just(600L, 200L, 400L)
                .flatMap(ms -> Mono.delay(Duration.ofMillis(ms), loop.scheduler()).map(x -> ms))
                .doOnNext(ms -> assertThat(loop.scheduler().now(TimeUnit.MILLISECONDS) - start).isGreaterThanOrEqualTo(ms))
                .collectList().subscribeOn(loop.scheduler()).block(Duration.ofSeconds(5));
        assertThat(delays).containsExactly(200L, 400L, 600L);
    }

    @Test
    void periodicTasksGoOnUntilTheyAreDisposed() throws Exception {
        AtomicInteger rounds = new AtomicInteger();
        Disposable task = loop.scheduler().schedulePeriodically(rounds::incrementAndGet, 0, 5, TimeUnit.MILLISECONDS);
        await().until(() -> rounds.get() >= 5);
        on.run(task::dispose);
        int then = rounds.get();
        on.get(() -> Mono.delay(Duration.ofMillis(30), loop.scheduler())).block(Duration.ofSeconds(5));
        assertThat(rounds.get()).isEqualTo(then);
        assertThat(on.get(() -> loop.timers().size())).isZero();
    }

    @Test
    void aWorkerThatIsDisposedRunsNothingMore() {
        Scheduler.Worker worker = loop.scheduler().createWorker();
        AtomicInteger ran = new AtomicInteger();
        on.run(() -> {
            worker.schedule(ran::incrementAndGet);
            worker.dispose();
        });
        on.run(() -> {});
        assertThat(ran).hasValue(0);
        assertThatThrownBy(() -> worker.schedule(() -> {})).isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void aFloodOfTasksDoesNotHoldUpTimers() {
        AtomicInteger left = new AtomicInteger(1);
        Runnable[] flood = new Runnable[1];
        flood[0] = () -> {
            if (left.get() > 0) {
                loop.execute(flood[0]);
            }
        };
        loop.execute(flood[0]);
        Mono.delay(Duration.ofMillis(20), loop.scheduler()).block(Duration.ofSeconds(5));
        left.set(0);
    }

    @Test
    void blockingOnTheLoopIsRefused() {
        assertThatThrownBy(() -> on.get(() -> Mono.delay(Duration.ofMillis(1)).block()))
                .hasRootCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void afterClosingTasksAreRejectedAndTheThreadIsGone() {
        loop.close();
        assertThat(loop.scheduler().isDisposed()).isTrue();
        assertThatThrownBy(() -> loop.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(() -> loop.scheduler().schedule(() -> {})).isInstanceOf(RejectedExecutionException.class);
        assertThat(Thread.getAllStackTraces().keySet()).noneMatch(t -> t.getName().equals("test-loop") && t.isAlive());
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
