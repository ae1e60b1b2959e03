package dev.mpx.proxy.mux.sim;

import dev.mpx.transports.ByteBudget;
import dev.mpx.transports.Closed;
import dev.mpx.transports.Exit;
import dev.mpx.transports.ProcessLink;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A simulated child process: its pipes and its end. What it says is up to {@link SimChild}. */
final class SimProcess extends SimLink<ChildSaid> implements ProcessLink {
    private static final long GIVEN_UP_MILLIS = 1000;

    private final long pid;
    private final Sinks.One<Exit> exited = Sinks.one();
    private final Custody custody;
    private SimChild child;
    private boolean ending;
    private boolean dead;
    private boolean told;

    /** Who watches its life. */
    interface Custody {
        /** The multiplexer asks for its end now; whether it is to believe at once that it has come. */
        boolean ending(SimProcess process, Duration untilTerm, Duration untilKill);

        /** The multiplexer learns of its end in the next moment. */
        void exited(SimProcess process);
    }

    SimProcess(VirtualTime time, ByteBudget budget, long pid, LongSupplier readerDelay, Custody custody) {
        super(time, budget, 1 << 20, readerDelay, "process");
        this.pid = pid;
        this.custody = custody;
    }

    void inhabit(SimChild inhabitant) {
        child = inhabitant;
    }

    /** The process ends. What it has written can still be read, for a while. */
    void die(int status) {
        if (dead) {
            return;
        }
        dead = true;
        stopReading();
        awaitEnd(status, time.millis() + GIVEN_UP_MILLIS);
    }

    private void awaitEnd(int status, long latest) {
        if (isOpen() && !drained() && time.millis() < latest) {
            time.after(1, () -> awaitEnd(status, latest));
            return;
        }
        finish(Closed.Cause.PEER);
        time.after(1, () -> tellExit(status));
    }

    private void tellExit(int status) {
        if (!told) {
            told = true;
            custody.exited(this);
            exited.tryEmitValue(new Exit(status));
        }
    }

    boolean isDead() {
        return dead;
    }

    /** Whether the multiplexer has given it up. */
    boolean isEnding() {
        return ending;
    }

    void givenUp() {
        ending = true;
    }

    Set<String> subscriptions() {
        return new LinkedHashSet<>(child.subscriptions());
    }

    Optional<Integer> level() {
        return child.level();
    }

    /** Whether it has promised to say when that list changes. */
    boolean announces(String list) {
        return child.announces(list);
    }

    @Override
    public long pid() {
        return pid;
    }

    @Override
    public List<String> lastWords() {
        return List.of("last words of " + pid);
    }

    @Override
    public Mono<Exit> exited() {
        return exited.asMono();
    }

    @Override
    public Mono<Exit> end(Duration untilTerm, Duration untilKill) {
        boolean tellAtOnce = custody.ending(this, untilTerm, untilKill);
        givenUp();
        if (tellAtOnce) {
            time.after(0, () -> tellExit(143));
        }
        time.after(child.exitDelay(untilTerm, untilKill), () -> die(143));
        return exited();
    }

    @Override
    public String toString() {
        return "process " + pid;
    }
}
