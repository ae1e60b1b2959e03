package dev.mpx.proxy.trace;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.mpx.framing.Frame;
import dev.mpx.framing.JsonValue;
import dev.mpx.framing.Message;
import dev.mpx.proxy.mux.Json;
import dev.mpx.proxy.mux.SettledCall;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** One call as one object of JSON. Times are in milliseconds with three decimals, sizes in bytes. */
final class TraceLine {
    /** Of the params and of the result each; what is longer is cut, and is a string then. */
    static final int MOST_PAYLOAD = 16 << 10;

    private TraceLine() {}

    /** What was said in a call; a call may have ended without an answer. */
    record Payload(Optional<Message.Request> request, Optional<Frame> answer) {
        static final Payload NONE = new Payload(Optional.empty(), Optional.empty());
    }

    /** @param dropped calls that this reader was not told of since the last one */
    static byte[] of(SettledCall call, Instant settled, Payload payload, long dropped) {
        return Json.object(json -> {
            members(json, call, settled);
            if (payload.request().isPresent()) {
                params(json, payload.request().get());
            }
            if (payload.answer().isPresent()) {
                answer(json, payload.answer().get());
            }
            if (dropped > 0) {
                json.writeNumberField("dropped", dropped);
            }
        });
    }

    static void members(JsonGenerator json, SettledCall call, Instant settled) throws IOException {
        json.writeStringField("time", settled.minus(call.total()).truncatedTo(ChronoUnit.MILLIS).toString());
        json.writeNumberField("session", call.session());
        json.writeStringField("agent", call.agent());
        Json.raw(json, "id", call.id().json());
        json.writeStringField("method", call.method());
        // a URI, which is all that other methods name, is a payload
        if (call.method().equals("tools/call")) {
            json.writeStringField("tool", call.target());
        } else if (call.method().equals("prompts/get")) {
            json.writeStringField("prompt", call.target());
        }
        json.writeNumberField("queuedMs", Json.millis(call.queued()));
        if (call.onChild().isPresent()) {
            json.writeNumberField("childMs", Json.millis(call.onChild().get()));
        } else {
            json.writeNullField("childMs");
        }
        json.writeNumberField("totalMs", Json.millis(call.total()));
        json.writeNumberField("requestBytes", call.requestBytes());
        json.writeNumberField("answerBytes", call.answerBytes());
        json.writeStringField("outcome", call.ending().word());
        if (call.code() != 0) {
            json.writeNumberField("code", call.code());
        }
        if (!call.reason().isEmpty()) {
            json.writeStringField("reason", call.reason());
        }
    }

    private static void params(JsonGenerator json, Message.Request request) throws IOException {
        if (request.params().isPresent()) {
            payload(json, "params", request.params().get());
        }
    }

    private static void answer(JsonGenerator json, Frame answer) throws IOException {
        if (answer.length() > 2 * MOST_PAYLOAD) {
            json.writeStringField("answerCut", answer.excerpt(MOST_PAYLOAD));
        } else if (Message.read(answer.contiguous()) instanceof Message.Response response) {
            if (response.result().isPresent()) {
                payload(json, "result", response.result().get());
            }
            if (response.error().isPresent()) {
                payload(json, "error", response.error().get());
            }
        }
    }

    private static void payload(JsonGenerator json, String name, JsonValue value) throws IOException {
        byte[] bytes = value.toBytes();
        if (bytes.length <= MOST_PAYLOAD) {
            Json.raw(json, name, bytes);
        } else {
            json.writeStringField(name + "Cut", new String(bytes, 0, MOST_PAYLOAD, StandardCharsets.UTF_8) + "…");
        }
    }
}
