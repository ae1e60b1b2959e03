package dev.mpx.proxy.mux;

import dev.mpx.transports.ByteBudget;
import dev.mpx.transports.Launcher;
import dev.mpx.transports.ProcessLink;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/** Starts {@link FakeChild}ren, a moment after it was asked to, and counts how many live at once. */
public final class FakeLauncher implements Launcher {
    private static final long FIRST_PID = 4001;

    private final Scheduler scheduler;
    private final ByteBudget budget;
    private final ArrayDeque<String> failures = new ArrayDeque<>();
    private final List<FakeChild> children = new ArrayList<>();
    private Consumer<FakeChild> upbringing = child -> {};
    private Optional<Sinks.One<ProcessLink>> hanging = Optional.empty();
    private boolean hangs;
    private int attempts;
    private long mostAlive;

    public FakeLauncher(Scheduler scheduler, ByteBudget budget) {
        this.scheduler = scheduler;
        this.budget = budget;
    }

    /** What is done with every child before it is handed out. */
    public void raising(Consumer<FakeChild> how) {
        upbringing = how;
    }

    /** The next start fails with this message (and the one after it, if told so again). */
    public void failNext(String message) {
        failures.add(message);
    }

    /** The next start gives neither a process nor an error, until {@link #release} or {@link #releaseFailing}. */
    public void hangNext() {
        hangs = true;
    }

    /** What hung goes on, and gives its process at last. */
    public void release() {
        hanging.orElseThrow().tryEmitValue(bringUp());
    }

    /** What hung fails at last. */
    public void releaseFailing(String message) {
        hanging.orElseThrow().tryEmitError(new IOException(message));
    }

    @Override
    public Mono<ProcessLink> launch() {
        return Mono.defer(this::start)
                .delaySubscription(Duration.ofMillis(FakeChild.MOMENT_MILLIS), scheduler);
    }

    private Mono<ProcessLink> start() {
        attempts++;
        if (!failures.isEmpty()) {
            return Mono.error(new IOException(failures.remove()));
        }
        if (hangs) {
            hangs = false;
            hanging = Optional.of(Sinks.one());
            return hanging.get().asMono();
        }
        return Mono.just(bringUp());
    }

    private FakeChild bringUp() {
        FakeChild child = new FakeChild(scheduler, FIRST_PID + children.size(), budget, FakeLink.OUTBOX * 64);
        upbringing.accept(child);
        children.add(child);
        mostAlive = Math.max(mostAlive, alive());
        return child;
    }

    /** Every child so far, oldest first. */
    public List<FakeChild> children() {
        return List.copyOf(children);
    }

    public long alive() {
        return children.stream().filter(FakeChild::isAlive).count();
    }

    /** How many were ever alive at the same time; more than one must never be. */
    public long mostAlive() {
        return mostAlive;
    }

    /** How often a start was tried. */
    public int attempts() {
        return attempts;
    }
}
