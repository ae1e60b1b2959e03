package dev.mpx.proxy.mux.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.framing.Frame;
import dev.mpx.framing.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Issue 6, "The palace's profile": root-level combinators are rewritten, only where present; other bytes stay. */
class ToolSchemasTest {
    /** As MemPalace 3.4.0 declares {@code mempalace_diary_write}, with shorter descriptions. */
    private static final String DIARY_HEAD = "{\"name\": \"mempalace_diary_write\", \"description\": \"Write \\u2605.";
    private static final String DIARY_SCHEMA = "\"inputSchema\": {\"type\": \"object\", \"properties\": {\"agent_name\": {\"type\": "
            + "\"string\"}, \"entry\": {\"type\": \"string\"}, \"content\": {\"type\": \"string\"}}, \"required\": [\"agent_name\"]";
    private static final String DIARY = DIARY_HEAD + "\", " + DIARY_SCHEMA
            + ", \"anyOf\": [{\"required\": [\"entry\"]}, {\"required\": [\"content\"]}]}}";
    private static final String PLAIN = "{\"name\": \"plain\", \"n\":1.10, \"inputSchema\": {\"type\": \"object\", \"properties\": "
            + "{\"anyOf\": {\"anyOf\": [{\"type\": \"string\"}]}}}, \"outputSchema\": {\"anyOf\": []}}";

    @Test
    void theDiaryToolOf340IsFlatAndItsConditionIsSaidInWords() {
        ToolSchemas.Page page = Pages.flattened("{\"tools\": [" + PLAIN + " , " + DIARY + "], \"nextCursor\": \"c\"}");

        assertThat(page.tools()).containsExactly("mempalace_diary_write");
        assertThat(page.frame().toString()).isEqualTo("{\"tools\": [" + PLAIN + " , " + DIARY_HEAD
                + " At least one of these must hold: (1) `entry` is given; (2) `content` is given.\", " + DIARY_SCHEMA
                + "}}], \"nextCursor\": \"c\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"tools\":[]}", "{\"tools\":7}", "{}", "[]", "{\"tools\":[1,null,[],{\"inputSchema\":true},{\"inputSchema\":{}}]}",
        "{\"tools\":[{\"name\":\"a\",\"inputSchema\":{\"type\":\"object\",\"properties\":{\"x\":{\"anyOf\":[]}}}}]}",
        "{\"tools\":[{\"name\":\"a\",\"schema\":{\"anyOf\":[]}}],\"anyOf\":[]}"
    })
    void whereThereIsNothingToDoTheFrameIsTheSame(String list) {
        byte[] bytes = list.getBytes(StandardCharsets.UTF_8);
        Frame frame = Frame.of(bytes);

        ToolSchemas.Page page = ToolSchemas.flattened(frame, JsonValue.parse(bytes).orElseThrow());

        assertThat(page.frame()).isSameAs(frame);
        assertThat(page.tools()).isEmpty();
    }

    @Test
    void aToolWithoutADescriptionGetsOne() {
        String tool = "{\"name\":\"a\",\"inputSchema\":{\"oneOf\":[{\"required\":[\"x\"]},{\"required\":[\"y\"]}]}}";

        assertThat(Pages.flattened("{\"tools\":[" + tool + "]}").frame().toString()).isEqualTo(
                "{\"tools\":[{\"name\":\"a\",\"inputSchema\":{\"type\":\"object\"},\"description\":"
                        + "\"Exactly one of these must hold: (1) `x` is given; (2) `y` is given.\"}]}");
    }

    @Test
    void everyOneOfARepeatedMemberIsFlatHoweverItsNameIsWritten() {
        String tool = "{\"inputSchema\":{\"anyOf\":[]},\"input\\u0053chema\":{\"\\u0061nyOf\":[],\"anyOf\":1,\"x\":2}}";

        assertThat(Pages.flattened("{\"tools\":[" + tool + "],\"tools\":[" + tool + "]}").frame().toString())
                .isEqualTo("{\"tools\":[@],\"tools\":[@]}".replace(
                        "@", "{\"inputSchema\":{\"type\":\"object\"},\"input\\u0053chema\":{\"x\":2,\"type\":\"object\"}}"));
    }

    /** Within a message it stands four levels deep, and the limit is a thousand. */
    @Test
    void whatBecomesOfADeepSchemaIsNoDeeperThanAMessageMayBe() {
        int deep = 1000 - 4 - 5;
        String deepest = "[".repeat(deep - 1) + "]".repeat(deep - 1);
        String schema = "{\"$defs\":{\"a\":{\"properties\":{\"x\":{\"const\":" + deepest + "}}},\"b\":{\"properties\":{\"x\":{}}},"
                + "\"c\":{\"anyOf\":[{\"$ref\":\"#/$defs/a\"},{\"$ref\":\"#/$defs/b\"}]},\"d\":{\"properties\":{\"x\":1}},"
                + "\"e\":{\"allOf\":[{\"$ref\":\"#/$defs/c\"},{\"$ref\":\"#/$defs/d\"}]},\"f\":{\"properties\":{\"x\":2}}},"
                + "\"anyOf\":[{\"$ref\":\"#/$defs/e\"},{\"$ref\":\"#/$defs/f\"}]}";
        assertThat(JsonValue.parse(schema.getBytes(StandardCharsets.UTF_8), 4)).isPresent();

        byte[] flat = Pages.flat(schema).json();

        assertThat(JsonValue.parse(flat, 4)).isPresent();
        assertThat(JsonValue.parse(flat).orElseThrow().get("anyOf")).isEmpty();
    }

    @Test
    @Timeout(20)
    void tenThousandToolsTakeNoTime() {
        StringBuilder list = new StringBuilder("{\"tools\":[");
        for (int i = 0; i < 10_000; i++) {
            list.append(i == 0 ? "" : ",").append(i % 2 == 0 ? DIARY : PLAIN);
        }
        String page = list.append("]}").toString();
        Pages.flattened(page);
        long start = System.nanoTime();

        ToolSchemas.Page flat = Pages.flattened(page);

        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        System.out.println("[figure] 10,000 tools, half of them rewritten, " + page.length() / 1024 + " KiB: " + millis + " ms");
        assertThat(flat.tools()).hasSize(5_000);
        assertThat(millis).isLessThan(5_000);
    }

    /** Each definition names two others: 2^32 branches, if somebody followed them all. */
    @Test
    @Timeout(20)
    void referencesThatMultiplyAreFollowedOnlySoFar() {
        StringBuilder defs = new StringBuilder();
        for (int i = 0; i < 32; i++) {
            defs.append("\"d").append(i).append("\":{\"anyOf\":[");
            for (int k = 0; k < 40; k++) {
                defs.append(k == 0 ? "" : ",").append("{\"$ref\":\"#/$defs/d").append((i + 1) % 32).append("\"}");
            }
            defs.append("],\"properties\":{\"p").append(i).append("\":{}}},");
        }
        String tool = "{\"name\":\"a\",\"inputSchema\":{\"$defs\":{" + defs + "\"x\":{}},\"anyOf\":[{\"$ref\":\"#/$defs/d0\"}]}}";
        StringBuilder list = new StringBuilder("{\"tools\":[" + tool);
        for (int i = 1; i < 100; i++) {
            list.append(',').append(tool);
        }
        long start = System.nanoTime();

        ToolSchemas.Page page = Pages.flattened(list.append("]}").toString());

        assertThat(page.tools()).hasSize(100);
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isLessThan(5_000);
    }
}
