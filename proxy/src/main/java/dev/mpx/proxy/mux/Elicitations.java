package dev.mpx.proxy.mux;

import dev.mpx.framing.JsonValue;
import dev.mpx.framing.Message;
import java.util.Map;
import java.util.Optional;

/** Which session saw which elicitation, so that word of its completion goes there alone (revision 2025-11-25, URL mode). */
final class Elicitations {
    /** The error by which a server asks for a URL elicitation; {@code data.elicitations} lists them. */
    private static final long URL_ELICITATION_REQUIRED = -32042;

    private final Map<String, Session> seen;

    Elicitations(int bound) {
        seen = new Remembered<>(bound);
    }

    void onRequest(Session session, Message.Request request) {
        request.params().ifPresent(params -> remember(session, params));
    }

    void onResponse(Session session, Message.Response response) {
        if (response.error().isEmpty()) {
            return;
        }
        Optional<JsonValue> error = response.error()
                .filter(e -> e.get("code").flatMap(JsonValue::integer).filter(c -> c == URL_ELICITATION_REQUIRED).isPresent());
        error.flatMap(e -> e.at("data", "elicitations"))
                .ifPresent(list -> list.elements().forEach(elicitation -> remember(session, elicitation)));
    }

    private void remember(Session session, JsonValue elicitation) {
        id(elicitation).ifPresent(id -> seen.put(id, session));
    }

    Optional<Session> whoSaw(JsonValue params) {
        return id(params).map(seen::get);
    }

    private static Optional<String> id(JsonValue object) {
        return object.get("elicitationId").flatMap(JsonValue::text);
    }

    void onLeft(Session session) {
        seen.values().removeIf(s -> s == session);
    }

    void clear() {
        seen.clear();
    }

    /** Elicitations that somebody saw. */
    int size() {
        return seen.size();
    }
}
