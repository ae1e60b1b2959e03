package dev.mpx.framing;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Another opinion on what JSON is. It reads characters, decoded by the JDK's strict decoder, since Jackson
 * guesses the encoding of bytes and lets some invalid UTF-8 through.
 */
final class Jackson {
    private static final Pattern SURROGATE_ESCAPE = Pattern.compile("u[dD][89a-fA-F]");
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(JsonScanner.MAX_DEPTH)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private Jackson() {}

    static Optional<String> decode(byte[] bytes) {
        try {
            // A fresh decoder reports malformed input.
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** Jackson rejects half a surrogate pair in a name, which RFC 8259 section 8.2 leaves valid: no judge of those. */
    static boolean mayMisjudge(byte[] bytes) {
        return decode(bytes).filter(text -> SURROGATE_ESCAPE.matcher(text).find()).isPresent();
    }

    static boolean accepts(byte[] bytes) {
        return tokens(bytes).isPresent();
    }

    /** What stands in the text, one token after the other with strings decoded; empty if it is invalid. */
    static Optional<List<String>> tokens(byte[] bytes) {
        Optional<String> text = decode(bytes);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        List<String> tokens = new ArrayList<>();
        int depth = 0;
        int values = 0;
        try (JsonParser parser = FACTORY.createParser(text.get())) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                values += depth == 0 ? 1 : 0;
                tokens.add(switch (token) {
                    case FIELD_NAME -> "name " + parser.currentName();
                    case VALUE_STRING -> "text " + parser.getText();
                    default -> parser.getText();
                });
            }
        } catch (IOException e) {
            return Optional.empty();
        }
        return values == 1 ? Optional.of(tokens) : Optional.empty();
    }

    /** The same tokens, as {@link JsonValue} sees them. */
    static List<String> tokens(JsonValue value) {
        List<String> tokens = new ArrayList<>();
        addTokens(value, tokens);
        return tokens;
    }

    private static void addTokens(JsonValue value, List<String> tokens) {
        switch (value.kind()) {
            case OBJECT -> {
                tokens.add("{");
                for (JsonValue.Member member : value.members()) {
                    tokens.add("name " + member.name());
                    addTokens(member.value(), tokens);
                }
                tokens.add("}");
            }
            case ARRAY -> {
                tokens.add("[");
                for (JsonValue element : value.elements()) {
                    addTokens(element, tokens);
                }
                tokens.add("]");
            }
            case STRING -> tokens.add("text " + value.text().orElseThrow());
            default -> tokens.add(value.toString());
        }
    }
}
