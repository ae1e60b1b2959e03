package dev.mpx.transports;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** A link to a process that this side started: its stdin and stdout carry lines, its stderr is kept for people. */
public interface ProcessLink extends Link {
    /** Its process id. */
    long pid();

    /** Its last lines on stderr, oldest first; a bounded number of bounded length. */
    List<String> lastWords();

    /**
     * Who of the tree does not end although it was killed, and what it waits on, in words for people; empty where nobody
     * is known to. Asked once an {@link #end} has taken longer than it should.
     */
    default Optional<String> stuck() {
        return Optional.empty();
    }

    /** How the process ended, once it has and both of its output streams were read to their end or given up. Replays. */
    Mono<Exit> exited();

    /**
     * Ends the process and its tree: end of input, SIGTERM after the first patience, SIGKILL after the second.
     * Blocks nothing: it is carried out elsewhere. Idempotent; a later call may shorten what is left. Once asked for,
     * the exit is told when those of the tree that could be found are gone as well.
     *
     * @return as {@link #exited()}
     */
    Mono<Exit> end(Duration untilTerm, Duration untilKill);
}
