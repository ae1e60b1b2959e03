package dev.mpx.proxy.mux;

import dev.mpx.framing.JsonValue;
import dev.mpx.framing.Message;
import dev.mpx.framing.ObjectEdit;
import dev.mpx.framing.Splicer;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The calls of tools: a long poll is given less time before it is queued; any other call is forwarded as it is. */
final class LongPolls implements RequestRule {
    private static final String ARGUMENTS = "arguments";

    private final Map<String, LongPoll> polls;
    /** How many calls of each were given less time. */
    private final Map<String, Long> capped = new TreeMap<>();

    LongPolls(Map<String, LongPoll> polls) {
        this.polls = polls;
    }

    @Override
    public Message.Request onSubmit(Message.Request request) {
        if (polls.isEmpty()) {
            return request;
        }
        Optional<JsonValue> params = request.params().filter(p -> p.kind() == JsonValue.Kind.OBJECT);
        Optional<String> tool = params.flatMap(p -> p.get("name")).flatMap(JsonValue::text).filter(polls::containsKey);
        return tool.flatMap(name -> capped(params.get(), polls.get(name))
                        .map(other -> {
                            capped.merge(name, 1L, Long::sum);
                            return (Message.Request) Message.read(
                                    new Splicer(request.frame()).replace(params.get(), other).splice());
                        }))
                .orElse(request);
    }

    private static Optional<byte[]> capped(JsonValue params, LongPoll poll) {
        ObjectEdit edit = new ObjectEdit(params);
        boolean there = false;
        for (JsonValue.Member member : edit.members()) {
            if (member.name().equals(ARGUMENTS)) {
                there = true;
                poll.capped(member.value()).ifPresent(other -> edit.replace(member, other));
            }
        }
        if (!there) {
            edit.add(ARGUMENTS, poll.onlyArgument());
        }
        return edit.isEmpty() ? Optional.empty() : Optional.of(edit.toBytes());
    }

    /** How many calls of a tool were given less time than they asked for. */
    long capped(String tool) {
        return capped.getOrDefault(tool, 0L);
    }
}
