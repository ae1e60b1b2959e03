package dev.mpx.transports.process;

import dev.mpx.transports.Exit;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the processes of one launcher are given sockets or pipes: sockets until one of them has ended because of that, as far as can
 * be told. One that ended before it said anything may have minded, and one whose guard did not connect can't have them. Once a process has
 * spoken over sockets, it is none that minds; once there were pipes, it stays with them.
 */
final class StdioChoice {
    private static final Logger LOG = LoggerFactory.getLogger(StdioChoice.class);
    /** SIGINT, SIGKILL and SIGTERM: somebody else ended it. */
    private static final Set<Integer> ENDED_BY_OTHERS = Set.of(128 + 2, 128 + 9, 128 + 15);

    private enum State { PIPES, SOCKETS, SOCKETS_FOR_GOOD }

    private volatile State state;

    /** @param mayBeSockets whether there is a guard that can connect them, and a loop to drive them */
    StdioChoice(boolean mayBeSockets) {
        this.state = mayBeSockets ? State.SOCKETS : State.PIPES;
    }

    /** For the next start; any thread. */
    boolean isSockets() {
        return state != State.PIPES;
    }

    /**
     * How a process ended that was to have sockets, and what follows from that; on the scheduler of the links.
     *
     * @param met whether its guard has connected them
     * @param spoke whether it has said anything
     * @param byItself whether nobody had asked for its end
     * @return the same, to be tried again if pipes may help
     */
    Exit judge(Exit exit, boolean met, boolean spoke, boolean byItself) {
        if (spoke && met && state == State.SOCKETS) {
            state = State.SOCKETS_FOR_GOOD;
        }
        boolean isNone = !met && !spoke;
        boolean minds = met && !spoke && byItself && exit.refusal().isEmpty() && !ENDED_BY_OTHERS.contains(exit.status());
        if (state != State.SOCKETS || !isNone && !minds) {
            return exit;
        }
        state = State.PIPES;
        LOG.warn("the server {}, so from now on it is given pipes for its standard input and output; [child] sockets = false"
                        + " does so from the beginning",
                isNone ? "could not be connected by sockets" : "ended before it said anything, and some mind sockets");
        return byItself ? exit.toBeTriedAgain() : exit;
    }
}
