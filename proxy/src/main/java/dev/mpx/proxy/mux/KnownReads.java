package dev.mpx.proxy.mux;

import dev.mpx.framing.JsonValue;
import dev.mpx.framing.Message;
import java.util.HashSet;
import java.util.Set;

/**
 * Which calls only read, so that one which died with the child may be asked once more: what the protocol itself
 * defines as reading, tools that the server annotates with {@code readOnlyHint}, and those its traits name.
 */
final class KnownReads {
    private static final Set<String> METHODS = Set.of(
            Methods.TOOLS_LIST,
            Methods.PROMPTS_LIST,
            Methods.RESOURCES_LIST,
            Methods.TEMPLATES_LIST,
            "prompts/get",
            "resources/read",
            "completion/complete");
    /** A server with more tools than this keeps the rest for writes. */
    private static final int MOST_TOOLS = 4096;

    private final Set<String> byTraits;
    private final Set<String> annotated = new HashSet<>();

    KnownReads(Set<String> byTraits) {
        this.byTraits = byTraits;
    }

    boolean contains(Call call) {
        if (call.method.equals(Methods.TOOLS_CALL)) {
            return !call.asksForTask && isRead(call.target);
        }
        return METHODS.contains(call.method);
    }

    boolean isRead(String tool) {
        return byTraits.contains(tool) || annotated.contains(tool);
    }

    /** A page of tools passes: their annotations are noted. */
    void onTools(Message.Response response) {
        response.result().flatMap(r -> r.get("tools")).ifPresent(tools -> tools.elements().forEach(this::note));
    }

    private void note(JsonValue tool) {
        tool.get("name").flatMap(JsonValue::text).ifPresent(name -> {
            if (tool.at("annotations", "readOnlyHint").filter(JsonValue::isTrue).isEmpty()) {
                annotated.remove(name);
            } else if (annotated.size() < MOST_TOOLS) {
                annotated.add(name);
            }
        });
    }
}
