package dev.mpx.proxy.mux.schema;

import dev.mpx.framing.Frame;
import dev.mpx.framing.JsonText;
import dev.mpx.framing.JsonValue;
import dev.mpx.framing.ObjectEdit;
import dev.mpx.framing.Splicer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A page of tools with flat schemas. Only the schemas that are not flat, and the descriptions of their tools, are touched. */
public final class ToolSchemas {
    private static final String SCHEMA = "inputSchema";
    private static final String DESCRIPTION = "description";

    /**
     * A page as it goes out.
     *
     * @param frame the very frame that came in, where nothing was to be done
     * @param tools the names of those whose schemas are other ones now
     */
    public record Page(Frame frame, List<String> tools) {
        public Page {
            tools = List.copyOf(tools);
        }
    }

    private ToolSchemas() {}

    /**
     * @param frame a contiguous frame
     * @param list the result of {@code tools/list} as it stands in it
     */
    public static Page flattened(Frame frame, JsonValue list) {
        List<String> names = new ArrayList<>();
        Splicer splicer = new Splicer(frame);
        Work work = new Work(list.length());
        for (JsonValue.Member member : list.members()) {
            if (member.name().equals("tools")) {
                for (JsonValue tool : member.value().elements()) {
                    flattened(tool, work).ifPresent(other -> {
                        splicer.replace(tool, other);
                        names.add(tool.get("name").flatMap(JsonValue::text).orElse(""));
                    });
                }
            }
        }
        return new Page(names.isEmpty() ? frame : splicer.splice(), names);
    }

    private static Optional<byte[]> flattened(JsonValue tool, Work work) {
        if (tool.kind() != JsonValue.Kind.OBJECT) {
            return Optional.empty();
        }
        ObjectEdit edit = new ObjectEdit(tool);
        String lost = "";
        // of a repeated name each, since parsers differ in which one counts
        for (JsonValue.Member member : edit.members()) {
            if (member.name().equals(SCHEMA) && FlatSchema.isNeededFor(member.value())) {
                FlatSchema flat = FlatSchema.of(member.value(), work);
                edit.replace(member, flat.json());
                lost = flat.lost();
            }
        }
        if (edit.isEmpty()) {
            return Optional.empty();
        }
        if (!lost.isEmpty()) {
            edit.set(DESCRIPTION, description(tool.get(DESCRIPTION), lost));
        }
        return Optional.of(edit.toBytes());
    }

    /** The server's own words byte for byte, and then what was lost. */
    private static byte[] description(Optional<JsonValue> own, String lost) {
        Optional<JsonValue> text = own.filter(value -> value.kind() == JsonValue.Kind.STRING);
        if (text.isEmpty()) {
            return JsonText.quote(lost);
        }
        byte[] words = text.get().toBytes();
        byte[] more = JsonText.quote(words.length > 2 ? " " + lost : lost);
        byte[] both = new byte[words.length - 1 + more.length - 1];
        System.arraycopy(words, 0, both, 0, words.length - 1);
        System.arraycopy(more, 1, both, words.length - 1, more.length - 1);
        return both;
    }

    static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }
}
