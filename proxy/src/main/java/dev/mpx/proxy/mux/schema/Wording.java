package dev.mpx.proxy.mux.schema;

import dev.mpx.framing.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Says in words, for a model, what the combinators at the root of a schema demand and a flat schema can't. */
final class Wording {
    private static final int MOST_BRANCHES = 12;
    private static final int MOST_PARTS = 8;
    private static final int LONGEST_JSON = 120;
    /** Members of a branch that the flat schema has as well, or that demand nothing. */
    private static final Set<String> SAID_ELSEWHERE = Set.of(
            FlatSchema.TYPE, FlatSchema.PROPERTIES, FlatSchema.REQUIRED,
            "title", "description", "$ref", "$schema", "$id", "$comment", "$defs", "definitions", "examples", "default");

    private final Branches branches;

    Wording(Branches branches) {
        this.branches = branches;
    }

    /** Empty where nothing is lost. */
    String of(JsonValue schema) {
        List<String> sentences = new ArrayList<>();
        choice(schema, FlatSchema.ANY, "At least one of these must hold: ").ifPresent(sentences::add);
        choice(schema, FlatSchema.ONE, "Exactly one of these must hold: ").ifPresent(sentences::add);
        all(schema).ifPresent(sentences::add);
        return String.join(" ", sentences);
    }

    private Optional<String> choice(JsonValue schema, String combinator, String opening) {
        List<JsonValue> all = Branches.of(schema, combinator);
        if (all.isEmpty()) {
            return Optional.empty();
        }
        Facts own = Facts.own(schema);
        List<String> words = new ArrayList<>();
        for (JsonValue branch : all.subList(0, Math.min(all.size(), MOST_BRANCHES))) {
            words.add("(" + (words.size() + 1) + ") " + branch(branches.resolved(branch), own));
        }
        String more = all.size() > MOST_BRANCHES ? "; and " + (all.size() - MOST_BRANCHES) + " more" : "";
        return Optional.of(opening + String.join("; ", words) + more + ".");
    }

    private String branch(JsonValue branch, Facts own) {
        if (branch.kind() != JsonValue.Kind.OBJECT) {
            return shortened(branch.toString());
        }
        List<String> parts = new ArrayList<>();
        Facts facts = Facts.own(branch);
        Set<String> needed = new LinkedHashSet<>(facts.required());
        needed.removeAll(own.required());
        if (!needed.isEmpty()) {
            parts.add(needed.stream().limit(MOST_PARTS).map(Wording::name).collect(Collectors.joining(" and "))
                    + (needed.size() > MOST_PARTS ? " and " + (needed.size() - MOST_PARTS) + " more" : "")
                    + (needed.size() == 1 ? " is given" : " are given"));
        }
        branch.get(FlatSchema.PROPERTIES).ifPresent(properties -> properties.members().forEach(
                property -> value(property.value(), own.properties().containsKey(property.name()))
                        .ifPresent(value -> parts.add(name(property.name()) + value))));
        parts.addAll(others(branch));
        if (parts.isEmpty()) {
            return branch.get("title").flatMap(JsonValue::text).map(Wording::shortened).orElse("nothing more is asked");
        }
        return parts.stream().limit(MOST_PARTS).collect(Collectors.joining(", ")) + (parts.size() > MOST_PARTS ? ", …" : "");
    }

    /** Where a branch narrows a property down, by which it is often chosen. */
    private static Optional<String> value(JsonValue property, boolean narrows) {
        Optional<JsonValue> constant = property.get("const");
        Optional<JsonValue> values = property.get("enum");
        if (constant.isPresent()) {
            return Optional.of(" is " + shortened(constant.get().toString()));
        }
        if (values.isPresent()) {
            return Optional.of(" is one of " + shortened(values.get().toString()));
        }
        return narrows ? Optional.of(" matches " + shortened(property.toString())) : Optional.empty();
    }

    private static List<String> others(JsonValue branch) {
        return branch.members().stream()
                .filter(member -> !SAID_ELSEWHERE.contains(member.name()))
                .map(member -> name(member.name()) + " " + shortened(member.value().toString()))
                .toList();
    }

    /** Properties and what is required are kept of all branches; anything else is not. */
    private Optional<String> all(JsonValue schema) {
        Set<String> own = Facts.own(schema).properties().keySet();
        List<String> lost = new ArrayList<>();
        for (JsonValue written : Branches.of(schema, FlatSchema.ALL)) {
            JsonValue branch = branches.resolved(written);
            if (branch.kind() == JsonValue.Kind.OBJECT) {
                branch.get(FlatSchema.PROPERTIES).ifPresent(properties -> properties.members().stream()
                        .filter(property -> own.contains(property.name()))
                        .forEach(property -> lost.add(name(property.name()) + " matches " + shortened(property.value().toString()))));
                lost.addAll(others(branch));
            }
        }
        if (lost.isEmpty()) {
            return Optional.empty();
        }
        String more = lost.size() > MOST_BRANCHES ? ", and " + (lost.size() - MOST_BRANCHES) + " more" : "";
        return Optional.of(lost.stream().limit(MOST_BRANCHES).collect(Collectors.joining(", ", "All of these must hold: ", more + ".")));
    }

    private static String name(String name) {
        return "`" + shortened(name) + "`";
    }

    private static String shortened(String text) {
        return text.codePointCount(0, text.length()) <= LONGEST_JSON
                ? text
                : text.substring(0, text.offsetByCodePoints(0, LONGEST_JSON)) + "…";
    }
}
