package dev.mpx.proxy.mux;

import dev.mpx.framing.Frame;
import dev.mpx.framing.RpcId;

/** The notifications that mpx writes itself. */
final class Notices {
    static final Frame INITIALIZED = Frame.of("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");

    private Notices() {}

    /** A list has changed; {@code method} is one of the protocol's own names. */
    static Frame changed(String method) {
        return Frame.of("{\"jsonrpc\":\"2.0\",\"method\":\"" + method + "\"}");
    }

    /** @param params as JSON */
    static Frame of(String method, byte[] params) {
        return Frame.of(Json.object(json -> {
            json.writeStringField("jsonrpc", "2.0");
            json.writeStringField("method", method);
            Json.raw(json, "params", params);
        }));
    }

    static Frame cancelled(byte[] requestId, String reason) {
        return Frame.of(Json.object(json -> {
            json.writeStringField("jsonrpc", "2.0");
            json.writeStringField("method", Methods.CANCELLED);
            json.writeObjectFieldStart("params");
            Json.raw(json, Methods.REQUEST_ID, requestId);
            json.writeStringField("reason", reason);
            json.writeEndObject();
        }));
    }

    static Frame cancelled(RpcId requestId, String reason) {
        return cancelled(requestId.json(), reason);
    }
}
