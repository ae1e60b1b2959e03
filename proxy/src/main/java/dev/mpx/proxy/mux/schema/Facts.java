package dev.mpx.proxy.mux.schema;

import dev.mpx.framing.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a schema says of an object: its properties with their schemas as JSON, and which of them must be there. Both in
 * the order in which they were first named.
 */
record Facts(Map<String, String> properties, Set<String> required) {
    /** Nothing is known, so nothing is demanded. */
    static final Facts NONE = new Facts(Map.of(), Set.of());

    /** What the schema itself says, its combinators left aside. */
    static Facts own(JsonValue schema) {
        Map<String, String> properties = new LinkedHashMap<>();
        schema.get(FlatSchema.PROPERTIES)
                .ifPresent(all -> all.members().forEach(member -> properties.put(member.name(), member.value().toString())));
        return new Facts(properties, FlatSchema.texts(schema.get(FlatSchema.REQUIRED)));
    }

    /** What holds where this one and the other hold; of a property that both know, this one's schema stays. */
    Facts and(Facts other) {
        Map<String, String> all = new LinkedHashMap<>(properties);
        other.properties.forEach(all::putIfAbsent);
        Set<String> needed = new LinkedHashSet<>(required);
        needed.addAll(other.required);
        return new Facts(all, needed);
    }

    /** What holds where all of them hold. */
    static Facts ofAll(List<Facts> branches) {
        Set<String> required = new LinkedHashSet<>();
        branches.forEach(branch -> required.addAll(branch.required));
        return new Facts(joined(branches, FlatSchema.ALL), required);
    }

    /** What holds wherever one of them does. */
    static Facts ofAny(List<Facts> branches) {
        Set<String> required = new LinkedHashSet<>(branches.isEmpty() ? Set.of() : branches.get(0).required);
        branches.forEach(branch -> required.retainAll(branch.required));
        return new Facts(joined(branches, FlatSchema.ANY), required);
    }

    /** Deeper down a combinator does no harm: a property of which branches differ is given one. */
    private static Map<String, String> joined(List<Facts> branches, String combinator) {
        Map<String, Set<String>> schemas = new LinkedHashMap<>();
        for (Facts branch : branches) {
            branch.properties.forEach((name, schema) -> schemas.computeIfAbsent(name, any -> new LinkedHashSet<>()).add(schema));
        }
        Map<String, String> joined = new LinkedHashMap<>();
        schemas.forEach((name, all) -> joined.put(name, all.size() == 1
                ? all.iterator().next()
                : "{\"" + combinator + "\":[" + String.join(",", new ArrayList<>(all)) + "]}"));
        return joined;
    }
}
