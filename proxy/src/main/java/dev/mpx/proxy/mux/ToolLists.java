package dev.mpx.proxy.mux;

import dev.mpx.framing.Frame;
import dev.mpx.framing.JsonValue;
import dev.mpx.framing.Message;
import dev.mpx.proxy.mux.schema.ToolSchemas;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Every page of tools on its way to clients: schemas are made flat where the traits say so, and what is noted is said in the status. */
final class ToolLists {
    /** A server with more such tools than this keeps the rest to itself. */
    private static final int MOST_NAMES = 4096;

    private final ServerTraits traits;
    private final Set<String> flattened = new TreeSet<>();
    private final Set<String> polls = new TreeSet<>();

    ToolLists(ServerTraits traits) {
        this.traits = traits;
    }

    /** A response of the child to {@code tools/list}, as clients get it. */
    Message.Response adapted(Message.Response response) {
        return response.result()
                .map(list -> adapted(response.frame(), list))
                .filter(frame -> frame != response.frame())
                .map(frame -> (Message.Response) Message.read(frame.contiguous()))
                .orElse(response);
    }

    /** The result of {@code tools/list} alone. */
    byte[] adapted(byte[] page) {
        Frame frame = Frame.of(page);
        return JsonValue.parse(page)
                .map(list -> adapted(frame, list))
                .filter(other -> other != frame)
                .map(Frame::toBytes)
                .orElse(page);
    }

    private Frame adapted(Frame frame, JsonValue list) {
        if (!traits.polls().isEmpty()) {
            list.get("tools").ifPresent(tools -> tools.elements().forEach(tool ->
                    tool.get("name").flatMap(JsonValue::text).filter(traits.polls()::containsKey).ifPresent(polls::add)));
        }
        if (!traits.flatSchemas()) {
            return frame;
        }
        ToolSchemas.Page page = ToolSchemas.flattened(frame, list);
        for (String name : page.tools()) {
            if (flattened.size() < MOST_NAMES) {
                flattened.add(name);
            }
        }
        return page.frame();
    }

    /** There may be other tools from now on. */
    void forget() {
        flattened.clear();
        polls.clear();
    }

    /** The tools that clients see with other schemas than the server gave. */
    List<String> flattened() {
        return List.copyOf(flattened);
    }

    /** The long polls that the server has. */
    List<String> polls() {
        return List.copyOf(polls);
    }
}
