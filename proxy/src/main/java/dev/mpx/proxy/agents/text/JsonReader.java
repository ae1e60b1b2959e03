package dev.mpx.proxy.agents.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads JSON, with comments and commas before a closing bracket allowed, as most agents do; notes where each value stands. */
final class JsonReader {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
            .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
            .build();

    private final String text;
    private final JsonParser parser;

    private JsonReader(String text, JsonParser parser) {
        this.text = text;
        this.parser = parser;
    }

    /** The only value of the text; empty if there is nothing but blanks and comments. */
    static Optional<Node> read(String text) throws Unreadable {
        char[] characters = text.toCharArray();
        if (text.startsWith("\uFEFF")) {
            characters[0] = ' '; // at the same place, so that offsets stay
        }
        try (JsonParser parser = FACTORY.createParser(characters)) {
            return new JsonReader(text, parser).whole();
        } catch (JsonProcessingException e) {
            throw fault(text, e);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private Optional<Node> whole() throws IOException, Unreadable {
        try {
            Optional<Node> root = parser.nextToken() == null ? Optional.empty() : Optional.of(value());
            if (root.isPresent() && parser.nextToken() != null) {
                throw Unreadable.at(text, start(), "there is more behind the end of the JSON value");
            }
            return root;
        } catch (StreamConstraintsException tooMuch) {
            int here = (int) parser.currentLocation().getCharOffset();
            throw Unreadable.at(text, here - 1,
                    tooMuch.getOriginalMessage().contains("nesting") ? "this is nested too deep" : "this is too long");
        }
    }

    private static Unreadable fault(String text, JsonProcessingException e) {
        JsonLocation where = e.getLocation();
        String what = e.getOriginalMessage().lines().findFirst().orElse("this is no JSON").replaceFirst(" at \\[.*", "");
        return where == null || where.getCharOffset() < 0
                ? new Unreadable(where == null ? 1 : where.getLineNr(), where == null ? 1 : where.getColumnNr(), what)
                : Unreadable.at(text, (int) where.getCharOffset(), what);
    }

    private int start() {
        return (int) parser.currentTokenLocation().getCharOffset();
    }

    private Node value() throws IOException {
        int start = start();
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT) {
            List<Node.Member> members = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                int nameStart = start();
                parser.nextToken();
                members.add(new Node.Member(name, nameStart, "", value()));
            }
            return new Node.Table(new Node.Span(start, start() + 1), List.copyOf(members));
        }
        if (token == JsonToken.START_ARRAY) {
            List<Node> elements = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                elements.add(value());
            }
            return new Node.Sequence(new Node.Span(start, start() + 1), List.copyOf(elements));
        }
        String written = parser.getText(); // reads it to its end
        if (token == JsonToken.VALUE_STRING) {
            return new Node.Text(new Node.Span(start, endOfString(start)), written);
        }
        return new Node.Other(new Node.Span(start, start + written.length()), written);
    }

    private int endOfString(int start) {
        int at = start + 1;
        while (text.charAt(at) != '"') {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        return at + 1;
    }
}
