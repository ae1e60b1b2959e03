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

    static Cause queueFull(int bound) {
        return new Cause(
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

    static Cause waitedTooLong() {
        return new Cause(
                Fault.NOT_TAKEN,
                "queue-timeout",
                "The server was busy with other calls for too long; nothing of this one was sent. It is safe to try again.");
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

    /** @param holder who holds the data, as far as it is known */
    static Cause held(String holder) {
        return new Cause(
                Fault.NOT_TAKEN,
                "held-by-another-writer",
                "Nothing was written: another writer holds the palace, " + holder
                        + ". End it or wait for it, then try again; it is safe.",
                List.of(),
                true);
    }

    /** The fault as the client gets it. */
    static Fault of(Call call, Cause cause, long now, Optional<Fault.ChildState> child) {
        boolean handedOver = call.state == Call.State.SENT;
        // a call that is asked once more has been on the child that died
        boolean begun = !cause.nothingWritten() && (call.replayed || handedOver && call.sending.begun());
        long handOver = handedOver ? call.sentAt : now;
        return new Fault(
                cause.code(),
                call.replayed && !handedOver ? REPLAYED : cause.message(),
                Optional.of(new Fault.Details(
                        cause.reason(),
                        begun ? Fault.Outcome.UNKNOWN : Fault.Outcome.NOT_SENT,
                        now - call.queuedAt,
                        handOver - call.queuedAt,
                        child,
                        cause.stderr())));
    }
}
