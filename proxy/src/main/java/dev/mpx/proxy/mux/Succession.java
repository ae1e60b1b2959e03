package dev.mpx.proxy.mux;

import dev.mpx.framing.ErrorCode;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a session was told by one child and the next one does not keep: the revision it agreed on, or a capability. Using
 * it gives a clear error; everything else goes on.
 */
final class Succession {
    /** The capability that a method's first word needs. */
    private static final Map<String, String> NEEDS = Map.of(
            "tools", "tools", "prompts", "prompts", "resources", "resources", "logging", "logging",
            "completion", "completions", "tasks", "tasks");

    private final Supplier<Optional<Handshake>> current;

    /** @param current the handshake of the child that is ready, if one is */
    Succession(Supplier<Optional<Handshake>> current) {
        this.current = current;
    }

    /** Why this session may not use that method any more, if so. */
    Optional<Fault> refusal(Session session, String method) {
        Optional<Handshake> now = current.get();
        if (now.isEmpty() || session.told.isEmpty() || session.told.get() == now.get()) {
            return Optional.empty();
        }
        if (session.revision.compareTo(now.get().revision()) > 0) {
            return Optional.of(Fault.plain(
                    ErrorCode.INVALID_REQUEST,
                    "The server has been replaced by one that speaks revision " + now.get().revision()
                            + " at most, and this session agreed on " + session.revision + ". Start the session again."));
        }
        int slash = method.indexOf('/');
        String capability = NEEDS.get(slash < 0 ? method : method.substring(0, slash));
        boolean lost = capability != null && session.told.get().offers(capability) && !now.get().offers(capability);
        return lost
                ? Optional.of(Fault.plain(
                        ErrorCode.METHOD_NOT_FOUND,
                        "The server has been replaced by one that does not offer " + capability + " any more."))
                : Optional.empty();
    }
}
