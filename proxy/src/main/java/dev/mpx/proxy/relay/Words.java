package dev.mpx.proxy.relay;

import dev.mpx.framing.JsonText;
import dev.mpx.framing.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** JSON-RPC as the relay speaks it, line by line. Stateless. */
final class Words {
    private static final int NO_DAEMON = -32012;

    private Words() {}

    static byte[] result(JsonValue id, String result) {
        return line("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + result + "}");
    }

    static byte[] error(JsonValue id, int code, String message) {
        return line("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"error\":{\"code\":" + code + ",\"message\":" + quote(message) + "}}");
    }

    /** @param outlook {@code busy} or {@code failed}, by which a shim knows whether to wait in hope */
    static byte[] noDaemon(JsonValue id, String outlook, String message) {
        return line("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"error\":{\"code\":" + NO_DAEMON + ",\"message\":" + quote(message)
                + ",\"data\":{\"mpx\":{\"reason\":\"no-daemon\",\"outcome\":\"not-sent\",\"outlook\":" + quote(outlook) + "}}}}");
    }

    static byte[] request(String id, String method, String params) {
        return line("{\"jsonrpc\":\"2.0\",\"id\":" + quote(id) + ",\"method\":" + quote(method) + ",\"params\":" + params + "}");
    }

    static String quote(String text) {
        return new String(JsonText.quote(text), StandardCharsets.UTF_8);
    }

    static byte[] line(String json) {
        return (json + "\n").getBytes(StandardCharsets.UTF_8);
    }

    static Optional<String> text(JsonValue object, String... path) {
        return object.at(path).flatMap(JsonValue::text);
    }
}
