package dev.mpx.proxy.mux;

import dev.mpx.framing.Frame;
import dev.mpx.framing.Message;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Writes the ends of calls into the log: at the usual level only those that went wrong or were taken back. Never what was said. */
final class CallLog implements CallObserver {
    private static final Logger LOG = LoggerFactory.getLogger(CallLog.class);

    @Override
    public void onSettled(SettledCall call, Optional<Message.Request> request, Optional<Frame> answer) {
        Level level = switch (call.ending()) {
            case TIMED_OUT, FAILED -> Level.WARN;
            case CANCELLED, CLIENT_GONE -> Level.INFO;
            // a client that is refused may ask again at once, and would fill the log
            case ANSWERED, ERROR, REFUSED -> Level.DEBUG;
        };
        if (LOG.isEnabledForLevel(level)) {
            LOG.atLevel(level).log("{}: {} after {} ms, {}{}",
                    name(call.session(), call.id(), call.method(), call.target()),
                    call.ending().word(),
                    call.total().toMillis(),
                    call.onChild().map(took -> took.toMillis() + " of them on the server").orElse("none of them on the server"),
                    call.code() == 0 ? "" : ": " + call.code() + " " + call.reason());
        }
    }

    /** A call as every line of the log names it. */
    static String name(Call call) {
        return name(call.session.number, call.id, call.method, call.target);
    }

    /** Only the names of tools and prompts: a URI is something that was said. */
    private static String name(long session, Object id, String method, String target) {
        String tool = method.equals(Methods.TOOLS_CALL) || method.equals(Methods.PROMPTS_GET) ? " " + Settlements.bounded(target) : "";
        return "session " + session + " call " + Settlements.bounded(id.toString()) + " (" + Settlements.bounded(method) + tool + ")";
    }
}
