package dev.mpx.proxy.mux;

import dev.mpx.framing.Frame;
import dev.mpx.framing.JsonValue;
import dev.mpx.framing.Message;
import dev.mpx.framing.RpcId;
import dev.mpx.framing.Splicer;
import java.util.List;
import java.util.Optional;

/**
 * The child's answer to {@code initialize}, from which every client is answered: its bytes, with the client's id and
 * the revision agreed with that client in their places.
 */
final class Handshake {
    private final Message.Response answer;
    private final JsonValue result;
    private final JsonValue revisionValue;
    private final String revision;

    private Handshake(Message.Response answer, JsonValue result, JsonValue revisionValue, String revision) {
        this.answer = answer;
        this.result = result;
        this.revisionValue = revisionValue;
        this.revision = revision;
    }

    /** Empty if the answer is not one that a server may give to {@code initialize}. */
    static Optional<Handshake> of(Message.Response answer) {
        Optional<JsonValue> revisionValue = answer.result().flatMap(r -> r.get("protocolVersion"));
        Optional<String> revision = revisionValue.flatMap(JsonValue::text);
        return revision.map(r -> new Handshake(answer, answer.result().orElseThrow(), revisionValue.orElseThrow(), r));
    }

    /**
     * The same, with {@code listChanged} declared for every list it offers: mpx itself says so when a new child's
     * lists differ from the last one's.
     */
    Handshake announcing() {
        Splicer splicer = new Splicer(answer.frame());
        for (String list : List.of("tools", "prompts", "resources")) {
            result.at("capabilities", list)
                    .filter(capability -> capability.kind() == JsonValue.Kind.OBJECT && !offers(list, "listChanged"))
                    .ifPresent(capability -> splicer.replace(capability, withListChanged(capability)));
        }
        return of((Message.Response) Message.read(splicer.splice())).orElseThrow();
    }

    private static byte[] withListChanged(JsonValue capability) {
        return Json.object(json -> {
            json.writeBooleanField("listChanged", true);
            for (JsonValue.Member member : capability.members()) {
                if (!member.name().equals("listChanged")) {
                    Json.raw(json, member.name(), member.value().toBytes());
                }
            }
        });
    }

    /** The child's own bytes. */
    byte[] bytes() {
        return answer.frame().toBytes();
    }

    String revision() {
        return revision;
    }

    /** Whether the child declared a capability, such as {@code logging}. */
    boolean offers(String... path) {
        String[] whole = new String[path.length + 1];
        whole[0] = "capabilities";
        System.arraycopy(path, 0, whole, 1, path.length);
        return result.at(whole)
                .filter(value -> value.kind() != JsonValue.Kind.FALSE && value.kind() != JsonValue.Kind.NULL)
                .isPresent();
    }

    String serverName() {
        return result.at("serverInfo", "name").flatMap(JsonValue::text).orElse("");
    }

    String serverVersion() {
        return result.at("serverInfo", "version").flatMap(JsonValue::text).orElse("");
    }

    Frame answerFor(RpcId id, String agreedRevision) {
        return new Splicer(answer.frame())
                .replace(answer.idValue(), id.json())
                .replace(revisionValue, Json.bytes('"' + agreedRevision + '"'))
                .splice();
    }
}
