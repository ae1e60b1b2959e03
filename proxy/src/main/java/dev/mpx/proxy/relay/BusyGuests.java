package dev.mpx.proxy.relay;

import dev.mpx.framing.JsonValue;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Whose calls the host's daemon has not answered yet, by its own status: the relay reads no session, so it can't know by itself. Stateless. */
final class BusyGuests {
    /** The question. */
    static final byte[] QUESTION = Words.request("mpx-status", "mpx/status", "{\"format\":\"json\"}");

    /** A client as its greeting tells it. @param pid on its machine */
    record Guest(String host, OptionalLong pid) {
        /** @param client the member of that name, of a greeting */
        static Guest of(Optional<JsonValue> client) {
            OptionalLong pid = number(client, "pid");
            return new Guest(text(client, "host"), pid.orElse(0) == 0 ? OptionalLong.empty() : pid);
        }
    }

    private BusyGuests() {}

    /** Empty if the answer does not tell. */
    static Optional<Set<Guest>> in(byte[] answer) {
        Optional<JsonValue> sessions = JsonValue.parse(answer).flatMap(json -> json.at("result", "status", "sessions"));
        if (sessions.isEmpty()) {
            return Optional.empty();
        }
        Set<Guest> busy = new HashSet<>();
        for (JsonValue session : sessions.get().elements()) {
            boolean isBusy = number(Optional.of(session), "open").orElse(0) > 0 || number(Optional.of(session), "waiting").orElse(0) > 0;
            if (isBusy) {
                busy.add(Guest.of(session.get("shim")));
            }
        }
        return Optional.of(busy);
    }

    private static String text(Optional<JsonValue> object, String name) {
        return object.flatMap(json -> json.get(name)).flatMap(JsonValue::text).orElse("");
    }

    private static OptionalLong number(Optional<JsonValue> object, String name) {
        Optional<Long> found = object.flatMap(json -> json.get(name)).flatMap(JsonValue::integer);
        return found.isPresent() ? OptionalLong.of(found.get()) : OptionalLong.empty();
    }
}
