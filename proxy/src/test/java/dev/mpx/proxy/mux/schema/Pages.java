package dev.mpx.proxy.mux.schema;

import dev.mpx.framing.Frame;
import dev.mpx.framing.JsonValue;
import java.nio.charset.StandardCharsets;

/** Pages of tools for tests. */
final class Pages {
    private Pages() {}

    static JsonValue json(String text) {
        return JsonValue.parse(text.getBytes(StandardCharsets.UTF_8)).orElseThrow(() -> new AssertionError("not JSON: " + text));
    }

    /** What becomes of a result of {@code tools/list}. */
    static ToolSchemas.Page flattened(String list) {
        byte[] bytes = list.getBytes(StandardCharsets.UTF_8);
        return ToolSchemas.flattened(Frame.of(bytes), JsonValue.parse(bytes).orElseThrow());
    }

    /** What becomes of one schema. */
    static FlatSchema flat(String schema) {
        JsonValue json = json(schema);
        return FlatSchema.of(json, new Work(json.length()));
    }

    static String text(FlatSchema flat) {
        return new String(flat.json(), StandardCharsets.UTF_8);
    }
}
