package dev.mpx.proxy.mux;

import dev.mpx.framing.Frame;
import dev.mpx.framing.JsonValue;
import dev.mpx.framing.RpcId;
import java.util.Optional;

/** The {@code initialize} that mpx itself sends to each child process, and the client capabilities it declares there. */
final class Greeting {
    private final String version;
    private final Optional<String> fixed;
    private byte[] declared = Json.EMPTY_OBJECT;

    /**
     * @param version mpx's own
     * @param fixed the capabilities to declare whoever the clients are, as JSON; empty: the first client's
     */
    Greeting(String version, Optional<String> fixed) {
        this.version = version;
        this.fixed = fixed;
        fixed.ifPresent(json -> declared = Json.bytes(json));
    }

    /** The client whose arrival starts a child lends it its capabilities. */
    void lend(JsonValue capabilities) {
        if (fixed.isEmpty()) {
            declared = capabilities.toBytes();
        }
    }

    /** The client capabilities that are declared, as JSON. */
    byte[] declared() {
        return declared;
    }

    boolean declares(String capability) {
        return JsonValue.parse(declared).flatMap(c -> c.get(capability)).isPresent();
    }

    Frame frame(RpcId id) {
        return Frame.of(Json.object(json -> {
            json.writeStringField("jsonrpc", "2.0");
            Json.raw(json, "id", id.json());
            json.writeStringField("method", Methods.INITIALIZE);
            json.writeObjectFieldStart("params");
            json.writeStringField("protocolVersion", Revisions.NEWEST);
            Json.raw(json, "capabilities", declared);
            json.writeObjectFieldStart("clientInfo");
            json.writeStringField("name", "mpx");
            json.writeStringField("version", version);
            json.writeEndObject();
            json.writeEndObject();
        }));
    }
}
