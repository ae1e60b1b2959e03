package dev.mpx.proxy.mux.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.framing.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever a server lists: what goes out is JSON without combinators at the root, and else what came in. */
class ToolSchemasPropertyTest {

    private static final List<String> NAMES = List.of(
            "anyOf", "oneOf", "allOf", "\\u0061nyOf", "all\\u004ff", "properties", "required", "prop\\u0065rties", "type", "$ref", "$defs",
            "description", "title", "const", "enum", "not", "a", "b", "\\ud800", "\u2605", "x\\\"y", "");
    private static final List<String> SCALARS = List.of(
            "1", "-0", "1.10", "1E400", "true", "false", "null", "\"\"", "\"object\"", "\"a\"", "\"b\"", "\"\\ud800\"", "\"\\n\\\"\"",
            "\"#/$defs/a\"", "\"#\"", "\"#/anyOf/0\"", "[]", "{}", "[\"a\"]", "[\"a\",\"b\"]", "[\"a\",1,\"a\"]");

    private static Arbitrary<String> space() {
        return Arbitraries.of("", "", "", " ", "\t ");
    }

    private static Arbitrary<String> member(List<String> names, Arbitrary<String> values) {
        return Combinators.combine(Arbitraries.of(names), space(), values)
                .as((name, gap, value) -> gap + '"' + name + '"' + gap + ':' + gap + value + gap);
    }

    private static Arbitrary<String> object(List<String> names, Arbitrary<String> values) {
        return member(names, values).list().ofMaxSize(5).map(members -> "{" + String.join(",", members) + "}");
    }

    private static Arbitrary<String> json() {
        return Arbitraries.recursive(
                () -> Arbitraries.of(SCALARS),
                inner -> Arbitraries.oneOf(
                        inner, object(NAMES, inner), object(NAMES, inner), inner.list().ofMaxSize(3).map(all -> "[" + String.join(",", all) + "]")),
                4);
    }

    @Provide
    Arbitrary<String> lists() {
        Arbitrary<String> tool = Arbitraries.oneOf(
                object(List.of("inputSchema", "name", "description", "input\\u0053chema", "outputSchema", "annotations"), json()), json());
        return tool.list().ofMaxSize(4).flatMap(tools -> member(List.of("nextCursor", "_meta", "tools"), json()).list().ofMaxSize(2)
                .map(others -> {
                    List<String> all = new ArrayList<>(others);
                    all.add(" \"tools\" : [ " + String.join(" , ", tools) + "] ");
                    return "{" + String.join(",", all) + "}";
                }));
    }

    @Property(tries = 1000)
    void onlySchemasThatAreNotFlatAreTouchedAndAreFlatThen(@ForAll("lists") String list) {
        ToolSchemas.Page page = Pages.flattened(list);

        JsonValue before = Pages.json(list);
        JsonValue after = Pages.json(page.frame().toString());
        List<JsonValue> tools = tools(before);
        List<JsonValue> flat = tools(after);
        assertThat(around(list, tools)).isEqualTo(around(page.frame().toString(), flat));
        int changed = 0;
        for (int i = 0; i < tools.size(); i++) {
            if (schemas(tools.get(i)).stream().anyMatch(FlatSchema::isNeededFor)) {
                sameButFlat(tools.get(i), flat.get(i));
                changed++;
            } else {
                assertThat(flat.get(i).toString()).isEqualTo(tools.get(i).toString());
            }
        }
        assertThat(page.tools()).hasSize(changed);
    }

    private static List<JsonValue> tools(JsonValue list) {
        return list.members().stream()
                .filter(member -> member.name().equals("tools"))
                .flatMap(member -> member.value().elements().stream())
                .toList();
    }

    private static List<JsonValue> schemas(JsonValue tool) {
        return tool.members().stream().filter(member -> member.name().equals("inputSchema")).map(JsonValue.Member::value).toList();
    }

    /** The text without the tools. */
    private static List<String> around(String list, List<JsonValue> tools) {
        List<String> rest = new ArrayList<>();
        int from = 0;
        for (JsonValue tool : tools) {
            int at = list.indexOf(tool.toString(), from);
            rest.add(list.substring(from, at));
            from = at + tool.toString().length();
        }
        rest.add(list.substring(from));
        return rest;
    }

    private static void sameButFlat(JsonValue before, JsonValue after) {
        assertThat(kept(after, "inputSchema", "description")).isEqualTo(kept(before, "inputSchema", "description"));
        before.get("description").flatMap(JsonValue::text).ifPresent(
                words -> assertThat(after.get("description").flatMap(JsonValue::text).orElseThrow()).startsWith(words));
        List<JsonValue> schemas = schemas(before);
        List<JsonValue> flats = schemas(after);
        assertThat(flats).hasSameSizeAs(schemas);
        for (int i = 0; i < schemas.size(); i++) {
            assertThat(FlatSchema.isNeededFor(flats.get(i))).isFalse();
            if (FlatSchema.isNeededFor(schemas.get(i))) {
                String[] edited = {"properties", "required", "type", "anyOf", "oneOf", "allOf"};
                assertThat(kept(flats.get(i), edited)).isEqualTo(kept(schemas.get(i), edited));
                assertThat(flats.get(i).get("type")).isPresent();
                propertiesAreKept(schemas.get(i), flats.get(i));
            } else {
                assertThat(flats.get(i).toString()).isEqualTo(schemas.get(i).toString());
            }
        }
    }

    private static void propertiesAreKept(JsonValue before, JsonValue after) {
        before.get("properties").ifPresent(properties -> {
            List<String> all = properties.members().stream().map(member -> member.name() + member.value()).toList();
            if (!all.isEmpty()) {
                assertThat(after.get("properties").orElseThrow().members().stream().map(member -> member.name() + member.value()))
                        .startsWith(all.toArray(String[]::new));
            }
        });
    }

    /** Its members but for those names, as they are written. */
    private static List<String> kept(JsonValue object, String... without) {
        return object.members().stream()
                .filter(member -> !Set.of(without).contains(member.name()))
                .map(member -> member.key() + ":" + member.value())
                .toList();
    }

    // ---- what is required

    @Provide
    Arbitrary<String> conditions() {
        Arbitrary<String> required = Arbitraries.of("a", "b", "c").set().ofMaxSize(2)
                .map(names -> "\"required\":[" + names.stream().map(name -> '"' + name + '"').collect(Collectors.joining(",")) + "]");
        return Arbitraries.recursive(
                () -> required.map(own -> "{" + own + "}"),
                inner -> Combinators.combine(required, Arbitraries.of("anyOf", "oneOf", "allOf"), inner.list().ofMinSize(1).ofMaxSize(3))
                        .as((own, combinator, branches) -> "{" + own + ",\"" + combinator + "\":[" + String.join(",", branches) + "]}"),
                3);
    }

    @Property(tries = 1000)
    void nothingIsRequiredThatTheOriginalDoesNotRequire(
            @ForAll("conditions") String schema, @ForAll Set<@net.jqwik.api.constraints.CharRange(from = 'a', to = 'd') Character> given) {
        Set<String> names = given.stream().map(String::valueOf).collect(Collectors.toSet());
        JsonValue flat = Pages.json(new String(Pages.flat(schema).json(), StandardCharsets.UTF_8));

        if (accepts(Pages.json(schema), names)) {
            assertThat(names).containsAll(FlatSchema.texts(flat.get("required")));
        }
    }

    private static boolean accepts(JsonValue schema, Set<String> given) {
        long any = holding(schema, "anyOf", given);
        long one = holding(schema, "oneOf", given);
        return given.containsAll(FlatSchema.texts(schema.get("required")))
                && (schema.get("anyOf").isEmpty() || any > 0)
                && (schema.get("oneOf").isEmpty() || one == 1)
                && holding(schema, "allOf", given) == Branches.of(schema, "allOf").size();
    }

    private static long holding(JsonValue schema, String combinator, Set<String> given) {
        return Branches.of(schema, combinator).stream().filter(branch -> accepts(branch, given)).count();
    }
}
