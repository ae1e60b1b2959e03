package dev.mpx.proxy.mux.schema;

import dev.mpx.framing.JsonText;
import dev.mpx.framing.JsonValue;
import dev.mpx.framing.ObjectEdit;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The schema nearest to another one without a combinator at its root: it names the properties of every branch, requires
 * what all branches require and nothing that the original does not, and is for objects if the original does not say.
 *
 * @param json the schema; what is not about combinators is as it was, byte for byte
 * @param lost a sentence for what the original demands and this one does not; empty if nothing is lost
 */
record FlatSchema(byte[] json, String lost) {
    static final String ANY = "anyOf";
    static final String ONE = "oneOf";
    static final String ALL = "allOf";
    static final List<String> COMBINATORS = List.of(ANY, ONE, ALL);
    static final String PROPERTIES = "properties";
    static final String REQUIRED = "required";
    static final String TYPE = "type";
    /** Of a message around the schema of a tool: the message, its result, the tools, the tool. */
    private static final int LEVELS_ABOVE = 4;

    /** Whether this is a schema with a combinator at its root. */
    static boolean isNeededFor(JsonValue schema) {
        return schema.kind() == JsonValue.Kind.OBJECT && COMBINATORS.stream().anyMatch(name -> schema.get(name).isPresent());
    }

    static FlatSchema of(JsonValue schema, Work work) {
        Branches branches = new Branches(schema, work);
        Facts whole = branches.facts(schema);
        byte[] flat = flat(schema, whole);
        // references and differing branches may nest what was nested as deeply as may be
        byte[] json = JsonValue.parse(flat, LEVELS_ABOVE).isPresent() ? flat : flat(schema, Facts.NONE);
        return new FlatSchema(json, new Wording(branches).of(schema));
    }

    private static byte[] flat(JsonValue schema, Facts whole) {
        ObjectEdit edit = new ObjectEdit(schema).remove(member -> COMBINATORS.contains(member.name()));
        if (schema.get(TYPE).isEmpty()) {
            edit.add(TYPE, ToolSchemas.bytes("\"object\""));
        }
        properties(schema.get(PROPERTIES), whole.properties()).ifPresent(all -> edit.set(PROPERTIES, all));
        required(schema, whole.required()).ifPresent(all -> edit.set(REQUIRED, all));
        return edit.toBytes();
    }

    /** The schema's own with those of its branches behind them, if there are any. */
    private static Optional<byte[]> properties(Optional<JsonValue> own, Map<String, String> all) {
        ObjectEdit edit = new ObjectEdit(own.filter(value -> value.kind() == JsonValue.Kind.OBJECT)
                .or(() -> JsonValue.parse(ToolSchemas.bytes("{}")))
                .orElseThrow());
        Set<String> known = edit.members().stream().map(JsonValue.Member::name).collect(Collectors.toSet());
        all.forEach((name, schema) -> {
            if (!known.contains(name)) {
                edit.add(name, ToolSchemas.bytes(schema));
            }
        });
        return edit.isEmpty() ? Optional.empty() : Optional.of(edit.toBytes());
    }

    private static Optional<byte[]> required(JsonValue schema, Set<String> all) {
        Set<String> own = texts(schema.get(REQUIRED));
        return own.containsAll(all) ? Optional.empty() : Optional.of(array(all));
    }

    private static byte[] array(Set<String> names) {
        return ToolSchemas.bytes(names.stream()
                .map(name -> new String(JsonText.quote(name), StandardCharsets.UTF_8))
                .collect(Collectors.joining(",", "[", "]")));
    }

    /** The texts of an array, in order. */
    static Set<String> texts(Optional<JsonValue> array) {
        Set<String> texts = new LinkedHashSet<>();
        array.ifPresent(all -> all.elements().forEach(element -> element.text().ifPresent(texts::add)));
        return texts;
    }
}
