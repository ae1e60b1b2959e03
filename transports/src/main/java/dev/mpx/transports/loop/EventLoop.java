package dev.mpx.transports.loop;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.newsclub.net.unix.AFUNIXSelectorProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.NonBlocking;
import reactor.core.scheduler.Scheduler;

/**
 * One daemon thread that drives every socket and runs everything that belongs to them. UNIX sockets it watches itself;
 * a {@link Lookout} tells it of the others.
 *
 * <p>A turn is: wait for sockets or tasks, serve the sockets that are ready, run some tasks, run the timers that
 * are due. Timers come last so that after a long stop (a sleeping machine) what is waiting has been read before
 * any deadline fires. What a task throws is logged and ends nothing.
 *
 * <p>{@link #execute}, {@link #scheduler()} and {@link #close} may be called from any thread; everything else on
 * the loop's thread only.
 */
public final class EventLoop implements Executor, AutoCloseable {
    /** Size of the shared buffers: what one system call moves. */
    public static final int BUFFER_BYTES = 64 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);
    /** So that a flood of tasks does not keep sockets waiting. */
    private static final int TASKS_PER_TURN = 256;

    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    private static final int AWAKE = 0;
    private static final int ASLEEP = 1;
    private static final int WOKEN = 2;

    private final Selector selector;
    private final Thread thread;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Timers timers = new Timers();
    private final AtomicInteger state = new AtomicInteger(AWAKE);
    private final LoopScheduler scheduler = new LoopScheduler(this);
    private final ArrayDeque<Runnable> afterwards = new ArrayDeque<>();
    private final Set<Registration> registrations = new HashSet<>();
    private final List<SelectionKey> ready = new ArrayList<>();
    private final ByteBuffer readBuffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final ByteBuffer writeBuffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final AtomicInteger wakeUps = new AtomicInteger();
    private final Consumer<Runnable> performer = this::perform;
    private final String name;
    private Optional<Lookout> lookout = Optional.empty();
    private volatile boolean closing;
    private volatile boolean ended;

    private EventLoop(String name) throws IOException {
        this.name = name;
        this.selector = AFUNIXSelectorProvider.provider().openSelector();
        this.thread = new LoopThread(this::run, name);
    }

    /** Starts a loop. Loading junixsocket's native library takes some 80 ms the first time. */
    public static EventLoop start(String threadName) throws IOException {
        EventLoop loop = new EventLoop(threadName);
        loop.thread.start();
        return loop;
    }

    /** This loop as a scheduler; its clock is monotonic and disposing of it closes the loop. */
    public Scheduler scheduler() {
        return scheduler;
    }

    /** Whether the caller is on the loop's thread. */
    public boolean inLoop() {
        return Thread.currentThread() == thread;
    }

    /** Runs the task on the loop's thread, in the order of the calls. */
    @Override
    public void execute(Runnable task) {
        if (ended) {
            throw new RejectedExecutionException("the event loop is closed");
        }
        tasks.add(task);
        wake();
    }

    /** Runs the task as soon as the socket or task served now has been served: the place to write what has gathered meanwhile. */
    public void afterwards(Runnable task) {
        afterwards.add(task);
    }

    /** Watches a channel, junixsocket's or the JDK's, that has been made non-blocking. */
    public Registration register(AbstractSelectableChannel channel, int ops, Readiness readiness) throws IOException {
        Registration registration = channel.provider() == selector.provider()
                ? watch(channel, ops, readiness)
                : lookout().watch(channel, ops, readiness, registrations::remove);
        registrations.add(registration);
        return registration;
    }

    private Registration watch(AbstractSelectableChannel channel, int ops, Readiness readiness) throws IOException {
        OwnRegistration registration = new OwnRegistration(readiness, registrations::remove);
        registration.key(channel.register(selector, ops, registration));
        return registration;
    }

    private Lookout lookout() throws IOException {
        if (lookout.isEmpty()) {
            lookout = Optional.of(Lookout.start(this, name + "-lookout"));
        }
        return lookout.get();
    }

    /** A direct buffer for one read; what is in it must be used up or copied before the caller returns to the loop. */
    public ByteBuffer readBuffer() {
        return readBuffer.clear();
    }

    /** A direct buffer for one write, likewise. */
    public ByteBuffer writeBuffer() {
        return writeBuffer.clear();
    }

    /** Closes every registered channel, runs what had been queued, and ends the thread; waits for that unless called on it. */
    @Override
    public void close() {
        closing = true;
        wake();
        if (inLoop()) {
            return;
        }
        try {
            thread.join(CLOSE_PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    boolean isClosed() {
        return closing;
    }

    Timers timers() {
        return timers;
    }

    /** System calls made to wake the selector. */
    int wakeUps() {
        return wakeUps.get();
    }

    private void wake() {
        if (state.get() == ASLEEP && state.compareAndSet(ASLEEP, WOKEN)) {
            wakeUps.incrementAndGet();
            selector.wakeup();
        }
    }

    private void run() {
        try {
            while (!closing) {
                if (select() > 0) {
                    serveSockets();
                }
                runTasks(TASKS_PER_TURN);
                timers.due(System.nanoTime(), TASKS_PER_TURN, performer);
                // An interrupt has no meaning here, and would close the next channel that is touched.
                Thread.interrupted();
            }
        } catch (ClosedSelectorException e) {
            LOG.error("the selector was closed under the event loop", e);
        } finally {
            end();
        }
    }

    /** How many sockets are ready. */
    private int select() {
        try {
            long wait = closing || !tasks.isEmpty() ? 0 : timers.millisToNext(System.nanoTime());
            if (wait == 0) {
                return selector.selectNow();
            }
            state.set(ASLEEP);
            // Whoever queued a task before this saw AWAKE and did not wake anybody: look again.
            if (closing || !tasks.isEmpty()) {
                return selector.selectNow();
            }
            return wait < 0 ? selector.select() : selector.select(wait);
        } catch (IOException e) {
            // poll(2) is interrupted by signals; nothing is lost, the next turn polls again.
            LOG.debug("select was interrupted", e);
            return 0;
        } finally {
            state.set(AWAKE);
        }
    }

    private void serveSockets() {
        collectReady();
        for (int i = 0; i < ready.size(); i++) {
            SelectionKey key = ready.get(i);
            Registration registration = (Registration) key.attachment();
            if (!registration.watched()) {
                continue;
            }
            int ops = key.readyOps() & key.interestOps();
            // junixsocket marks a hung-up key invalid and forgets it at the next select.
            boolean hungUp = !key.isValid();
            if (hungUp) {
                registration.unwatch();
            }
            if (hungUp || ops != 0) {
                serve(registration.readiness(), ops, hungUp);
            }
        }
        ready.clear();
    }

    /**
     * Those whose readiness the select has just set. They are not asked of {@code selectedKeys}: junixsocket then goes through
     * all that are registered twice, and makes an object for each of them.
     */
    private void collectReady() {
        for (SelectionKey key : selector.keys()) {
            if (key.readyOps() != 0 || !key.isValid()) {
                ready.add(key);
            }
        }
    }

    private void serve(Readiness readiness, int ops, boolean hungUp) {
        try {
            readiness.ready(ops, hungUp);
        } catch (Throwable e) { // see guarded
            LOG.error("serving a socket failed", e);
        }
        runAfterwards();
    }

    private void runTasks(int most) {
        for (int i = 0; i < most; i++) {
            Runnable task = tasks.poll();
            if (task == null) {
                return;
            }
            perform(task);
        }
    }

    private void perform(Runnable task) {
        guarded(task);
        runAfterwards();
    }

    private void runAfterwards() {
        for (Runnable after = afterwards.poll(); after != null; after = afterwards.poll()) {
            guarded(after);
        }
    }

    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) { // also an Error: one task's stack overflow is no reason to drop everybody
            LOG.error("a task on the event loop failed", e);
        }
    }

    private void end() {
        // first: a channel that is closed while the other thread's selector knows it stays open until that has looked again
        endLookout();
        for (Registration registration : List.copyOf(registrations)) {
            perform(registration.readiness()::loopClosing);
        }
        ended = true;
        runTasks(Integer.MAX_VALUE);
        timers.clear();
        try {
            selector.close();
        } catch (IOException e) {
            LOG.debug("closing the selector", e);
        }
    }

    private void endLookout() {
        try {
            if (lookout.isPresent()) {
                lookout.get().close();
            }
        } catch (IOException e) {
            LOG.debug("closing the other selector", e);
        }
    }

    /** Marked so that Reactor refuses {@code block()} on it. */
    private static final class LoopThread extends Thread implements NonBlocking {
        LoopThread(Runnable run, String name) {
            super(run, name);
            setDaemon(true);
        }
    }
}
