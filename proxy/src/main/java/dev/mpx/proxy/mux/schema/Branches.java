package dev.mpx.proxy.mux.schema;

import dev.mpx.framing.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Walks the branches of one schema, references within it included, as far as is reasonable: branches deeper than
 * {@value #DEEPEST} levels, and those beyond a bound of work (references can multiply without end), count as saying
 * nothing.
 */
final class Branches {
    private static final int DEEPEST = 8;
    /** References in a chain. */
    private static final int MOST_STEPS = 8;

    private final JsonValue root;
    private final Work work;

    Branches(JsonValue root, Work work) {
        this.root = root;
        this.work = work;
    }

    /** What a schema says, combinators included. */
    Facts facts(JsonValue schema) {
        return facts(schema, 0);
    }

    private Facts facts(JsonValue schema, int depth) {
        if (depth > DEEPEST || schema.kind() != JsonValue.Kind.OBJECT || !work.allows(schema.length())) {
            return Facts.NONE;
        }
        Facts facts = Facts.own(schema);
        for (String combinator : FlatSchema.COMBINATORS) {
            List<Facts> branches = new ArrayList<>();
            for (JsonValue branch : of(schema, combinator)) {
                branches.add(facts(branch, depth + 1));
            }
            facts = facts.and(combinator.equals(FlatSchema.ALL) ? Facts.ofAll(branches) : Facts.ofAny(branches));
        }
        // that of the root itself stays where it is
        Optional<JsonValue> target = depth == 0 ? Optional.empty() : target(schema);
        return target.isEmpty() ? facts : facts.and(facts(target.get(), depth + 1));
    }

    /** The branches of a combinator as they are written; none where it is not there, or is no array. */
    static List<JsonValue> of(JsonValue schema, String combinator) {
        return schema.get(combinator).map(JsonValue::elements).orElse(List.of());
    }

    /** What a reference within the schema points to; anything else is itself. */
    JsonValue resolved(JsonValue schema) {
        JsonValue now = schema;
        for (int step = 0; step < MOST_STEPS; step++) {
            Optional<JsonValue> target = target(now);
            if (target.isEmpty()) {
                return now;
            }
            now = target.get();
        }
        return now;
    }

    private Optional<JsonValue> target(JsonValue schema) {
        return schema.get("$ref").flatMap(JsonValue::text).flatMap(this::at);
    }

    /** A JSON pointer in a fragment, as schemas use it, without percent-encoding. */
    private Optional<JsonValue> at(String reference) {
        if (!reference.startsWith("#/") || !work.allows(root.length())) {
            return Optional.empty();
        }
        Optional<JsonValue> target = Optional.of(root);
        for (String part : reference.substring(2).split("/", -1)) {
            String name = part.replace("~1", "/").replace("~0", "~");
            target = target.flatMap(object -> object.get(name));
        }
        return target;
    }
}
