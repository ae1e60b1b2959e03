package dev.mpx.proxy.mux;

import dev.mpx.framing.JsonValue;

/** Writes and reads the lines that tests exchange. Ids and params are given as JSON. */
final class Rpc {
    private Rpc() {}

    static String request(Object id, String method, String params) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":" + params + "}";
    }

    static String notification(String method, String params) {
        return "{\"jsonrpc\":\"2.0\",\"method\":\"" + method + "\",\"params\":" + params + "}";
    }

    static String result(Object id, String result) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + result + "}";
    }

    static String error(Object id, int code, String message) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"error\":{\"code\":" + code + ",\"message\":\"" + message + "\"}}";
    }

    /** A call of a tool. */
    static String call(Object id, String tool) {
        return request(id, "tools/call", "{\"name\":\"" + tool + "\"}");
    }

    /** A call of a tool that asks for progress. */
    static String callWithToken(Object id, String tool, Object token) {
        return request(id, "tools/call", "{\"name\":\"" + tool + "\",\"_meta\":{\"progressToken\":" + token + "}}");
    }

    static String progress(Object token) {
        return notification("notifications/progress", "{\"progressToken\":" + token + ",\"progress\":1}");
    }

    static String cancelled(Object id) {
        return notification("notifications/cancelled", "{\"requestId\":" + id + "}");
    }

    static String initialize(Object id, String revision, String capabilities) {
        return request(id, "initialize", "{\"protocolVersion\":\"" + revision + "\",\"capabilities\":" + capabilities
                + ",\"clientInfo\":{\"name\":\"agent\",\"version\":\"9\"}}");
    }

    /** The value at a path of a line, as JSON; {@code (none)} where there is none. */
    static String at(String line, String... path) {
        return JsonValue.parse(line.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .flatMap(value -> value.at(path))
                .map(JsonValue::toString)
                .orElse("(none)");
    }

    /** The id of a line, as JSON. */
    static String id(String line) {
        return at(line, "id");
    }

    /** The error code of a response. */
    static int code(String line) {
        return Integer.parseInt(at(line, "error", "code"));
    }

    /** What mpx says of its own error: {@code reason}, {@code outcome} and so on, without quotes. */
    static String data(String line, String member) {
        return at(line, "error", "data", "mpx", member).replace("\"", "");
    }
}
