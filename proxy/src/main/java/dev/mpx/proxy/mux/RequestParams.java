package dev.mpx.proxy.mux;

import dev.mpx.framing.JsonValue;
import dev.mpx.framing.Message;
import dev.mpx.framing.RepeatedTexts;
import java.util.Optional;

/**
 * What mpx itself reads of a request's params, found in one walk over them.
 *
 * @param target the tool, prompt or resource it asks for; empty where the method names none
 * @param asksForTask whether the answer may be that a task was started (revision 2025-11-25)
 * @param progressToken where it stands in the request
 */
record RequestParams(String target, boolean asksForTask, Optional<JsonValue> progressToken) {
    private static final RequestParams NONE = new RequestParams("", false, Optional.empty());
    private static final String NO_TARGET = "";

    /** Of a repeated member the last one counts. */
    static RequestParams of(Message.Request request, RepeatedTexts names) {
        if (request.params().isEmpty()) {
            return NONE;
        }
        String member = targetMember(request.method());
        String target = "";
        boolean asksForTask = false;
        Optional<JsonValue> token = Optional.empty();
        for (JsonValue.MemberWalk params = request.params().get().walk(); params.next(); ) {
            if (!member.equals(NO_TARGET) && params.isNamed(member)) {
                JsonValue value = params.value();
                target = value.kind() == JsonValue.Kind.STRING ? names.of(value) : "";
            } else if (params.isNamed(Methods.META)) {
                token = ProgressTokens.inMeta(params.value());
            } else if (params.isNamed(Methods.TASK)) {
                asksForTask = true;
            }
        }
        return new RequestParams(target, asksForTask, token);
    }

    private static String targetMember(String method) {
        return switch (method) {
            case Methods.TOOLS_CALL, Methods.PROMPTS_GET -> "name";
            case "resources/read", Methods.SUBSCRIBE, Methods.UNSUBSCRIBE -> "uri";
            default -> NO_TARGET;
        };
    }
}
