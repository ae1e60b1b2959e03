package dev.mpx.proxy.mux;

import dev.mpx.framing.ErrorCode;
import java.util.List;
import java.util.Optional;

/** The faults that end calls, in sentences an agent can act on. */
final class CallFaults {
    /**
     * A fault without the call's own figures.
     *
     * @param nothingWritten whether the child itself has said that the call changed nothing
     */
    record Cause(int code, String reason, String message, List<String> stderr, boolean nothingWritten) {
        Cause(int code, String reason, String message, List<String> stderr) {
            this(code, reason, message, stderr, false);
        }

        Cause(int code, String reason, String message) {
            this(code, reason, message, List.of());
        }
    }

    private static final String REPLAYED =
            "The server died while this read was on it, and mpx could not ask for it again in time. It is safe to repeat.";

    private CallFaults() {}

    static Fault queueFull(int bound) {
        return Fault.unsent(
                Fault.QUEUE_FULL,
                "queue-full",
                "This client already has " + bound
                        + " calls waiting; nothing of this one was sent. Wait for some to finish and try again.");
    }

    static Cause answerTooLong(long bytes) {
        return new Cause(
                Fault.TOO_LONG,
                "line-limit",
                "The server's answer was " + bytes + " bytes long, over mpx's line limit; it was dropped. "
                        + "The call itself was carried out. Ask for less at a time, or raise the limit.");
    }

    static Cause answerUnreadable(String why) {
        return new Cause(
                ErrorCode.INTERNAL_ERROR,
                "bad-answer",
                "The server's answer was not a legal response (" + why + "); the call itself was probably carried out.");
    }

    static Cause childDied(List<String> lastWords) {
        return new Cause(
                Fault.CHILD_DIED,
                "child-died",
                "The server died while this call was on it. Whether it was carried out is not known: "
                        + "look before you repeat it.",
                lastWords);
    }

    static Cause childWedged(List<String> lastWords) {
        return new Cause(
                Fault.CHILD_DIED,
                "child-wedged",
                "The server hangs and could not be ended, with this call on it. Whether it was carried out is not known: "
                        + "look before you repeat it.",
                lastWords);
    }

    /**
     * @param why a plain sentence
     * @param help where its log is and what starts all of it anew, in a sentence; may be empty
     */
    static Cause childUnavailable(String why, String statusCommand, String help, List<String> lastWords) {
        return new Cause(
                Fault.CHILD_UNAVAILABLE,
                "child-unavailable",
                "The server behind mpx can't be started: " + why
                        + " Nothing was sent to it. mpx tries again at the next call; see `" + statusCommand + "`."
                        + (help.isEmpty() ? "" : " " + help),
                lastWords);
    }

    static Cause waitedTooLong() {
        return new Cause(
                Fault.NOT_TAKEN,
                "queue-timeout",
                "The server was busy with other calls for too long; nothing of this one was sent. It is safe to try again.");
    }

    /** @param job what has the palace, and since when */
    static Cause lent(String job, String statusCommand) {
        return new Cause(
                Fault.NOT_TAKEN,
                "lent",
                "Another program has borrowed the data for a while: " + job
                        + ". Nothing of this call was sent; it is safe to try again when that is over. See `" + statusCommand + "`.");
    }

    static Cause neverRead() {
        return new Cause(
                Fault.NOT_TAKEN,
                "server-not-reading",
                "The server has not read this call before its deadline; nothing of it was sent. It is safe to try again.");
    }

    static Cause tookTooLong() {
        return new Cause(
                Fault.TIMED_OUT,
                "timeout",
                "The server has not answered this call before its deadline. Whether it was or will be carried out is "
                        + "not known: look before you repeat it.");
    }

    /**
     * A write that another writer has kept out until its deadline. Its outcome is {@code not-sent}, although the child
     * has been given it, even several times: the child has said each time that nothing was written, and the word's
     * promise to the agent (PROTOCOL.md, "safe to retry") holds as it does for a call that never left. That goes only
     * for a call that waits to be asked again, or whose last answer says so: one that the child is at when it dies or
     * falls silent is {@code unknown} like any other.
     *
     * @param holder who holds the data, as far as it is known
     */
    static Cause held(String holder) {
        return new Cause(
                Fault.NOT_TAKEN,
                "held-by-another-writer",
                "Nothing was written: another writer holds the palace, " + holder
                        + ". End it or wait for it, then try again; it is safe.",
                List.of(),
                true);
    }

    /**
     * The fault as the client gets it. One that was on a child which died, and then could not be asked again, fails as
     * what it is: -32012 and -32015 are for calls of which no child ever saw a byte (PROTOCOL.md, "Errors").
     */
    static Fault of(Call call, Cause cause, long now, Optional<Fault.ChildState> child) {
        boolean handedOver = call.state == Call.State.SENT;
        // a call that is asked once more has been on the child that died
        boolean onThisChild = handedOver && call.sending.begun();
        boolean begun = !cause.nothingWritten() && (call.replayed || onThisChild);
        long handOver = handedOver ? call.sentAt : now;
        boolean inVain = call.replayed && !onThisChild;
        boolean died = inVain && cause.code() != Fault.SHUTTING_DOWN;
        return new Fault(
                died ? Fault.CHILD_DIED : cause.code(),
                inVain ? REPLAYED : cause.message(),
                Optional.of(new Fault.Details(
                        died ? "child-died" : cause.reason(),
                        begun ? Fault.Outcome.UNKNOWN : Fault.Outcome.NOT_SENT,
                        now - call.queuedAt(),
                        handOver - call.queuedAt(),
                        child,
                        cause.stderr())));
    }
}
