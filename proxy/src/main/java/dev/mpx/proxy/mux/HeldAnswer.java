package dev.mpx.proxy.mux;

import dev.mpx.framing.JsonValue;
import dev.mpx.framing.Message;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A form in which a server says that it has written nothing, because another writer holds its data: recognised by
 * where it stands in the parsed answer, never by searching text. Such a call is safe to repeat.
 */
public sealed interface HeldAnswer {
    /** The pid of the holder as servers write it into their reasons. */
    Pattern HOLDER = Pattern.compile("held by PID (\\d{1,10})");

    /** Why the write was refused, if this answer is of that form. */
    Optional<String> reason(Message.Response answer);

    /** The holder's pid, where the reason names it. */
    static Optional<Long> holder(String reason) {
        Matcher pid = HOLDER.matcher(reason);
        return pid.find() ? Optional.of(Long.parseLong(pid.group(1))) : Optional.empty();
    }

    /**
     * A JSON-RPC error of one code whose {@code data} has a member of one value.
     *
     * @param reasonMember the member of {@code data} with the reason; the error's message stands in for it
     */
    record InError(long code, String member, String value, String messageStart, String reasonMember)
            implements HeldAnswer {
        @Override
        public Optional<String> reason(Message.Response answer) {
            return answer.error()
                    .filter(error -> error.get("code").flatMap(JsonValue::integer).filter(c -> c == code).isPresent())
                    .filter(this::isOurs)
                    .map(error -> text(error.at("data", reasonMember)).or(() -> text(error.get("message"))).orElse(""));
        }

        /** Older servers of this form have no such member, but always the same message. */
        private boolean isOurs(JsonValue error) {
            Optional<String> kind = text(error.at("data", member));
            return kind.isPresent()
                    ? kind.get().equals(value)
                    : text(error.get("message")).filter(m -> m.startsWith(messageStart)).isPresent();
        }
    }

    /**
     * A tool result whose only content is a text that is itself a JSON object with {@code success: false} and an
     * {@code error} of one form.
     */
    record InText(Pattern error) implements HeldAnswer {
        @Override
        public Optional<String> reason(Message.Response answer) {
            return answer.result()
                    .flatMap(r -> r.get("content"))
                    .filter(content -> content.elements().size() == 1)
                    .flatMap(content -> text(content.elements().get(0).get("text")))
                    .flatMap(text -> JsonValue.parse(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                    .filter(object -> object.get("success").filter(s -> s.kind() == JsonValue.Kind.FALSE).isPresent())
                    .flatMap(object -> text(object.get("error")))
                    .filter(e -> error.matcher(e).find());
        }
    }

    /** A JSON-RPC error whose message has a part of one form, or a tool result that is an error and whose only text has one. */
    record InFailure(Pattern part) implements HeldAnswer {
        /** Who refuses to write says so in few words. */
        private static final int LONGEST = 4096;

        @Override
        public Optional<String> reason(Message.Response answer) {
            Optional<String> message = text(answer.error().flatMap(error -> error.get("message")));
            return message.or(() -> text(answer.result()
                            .filter(r -> r.get("isError").filter(JsonValue::isTrue).isPresent())
                            .flatMap(r -> r.get("content"))
                            .filter(content -> content.elements().size() == 1)
                            .flatMap(content -> content.elements().get(0).get("text"))))
                    .filter(words -> part.matcher(words.substring(0, Math.min(words.length(), LONGEST))).find());
        }
    }

    private static Optional<String> text(Optional<JsonValue> value) {
        return value.flatMap(JsonValue::text);
    }
}
