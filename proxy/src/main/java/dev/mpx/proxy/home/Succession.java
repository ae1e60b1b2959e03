package dev.mpx.proxy.home;

import java.time.Duration;

/**
 * How long the parties to a change of daemons wait for one another. Each limit has to be larger than the one of the party that
 * it waits for, or that party is given up while it still does as it should:
 *
 * <ul>
 *   <li>{@link #LONGEST_DRAIN} &lt; {@link #ELECTION}: the next daemon waits for the lock of the one that leaves;
 *   <li>{@link #ELECTION} &lt; {@link #START}: whoever has started the next daemon holds the start lock until that has its
 *       turn; one who gave up before would let another candidate be started beside it;
 *   <li>{@link #LONGEST_DRAIN} &lt; {@link #HANDOVER}: whoever told a daemon to leave waits for its end.
 * </ul>
 *
 * <p>How long an agent waits is not among them: it is told after 60 s whatever these are, and the search goes on.
 */
public final class Succession {
    /** A daemon that leaves ends its calls and its server within this, or leaves all the same: something in the kernel hangs. */
    public static final Duration LONGEST_DRAIN = Duration.ofSeconds(60);

    /** What a JVM may need to start or to end on a busy machine. */
    private static final Duration JVM = Duration.ofSeconds(30);

    /** A daemon that has just been started waits this long for the lock of the one before it. */
    public static final Duration ELECTION = LONGEST_DRAIN.plus(JVM);

    /** Whoever told a daemon to leave waits this long for its end. */
    public static final Duration HANDOVER = LONGEST_DRAIN.plus(JVM);

    /** Whoever has started a daemon waits this long for it to serve, as long as its process lives. */
    public static final Duration START = ELECTION.plus(JVM);

    private Succession() {}
}
