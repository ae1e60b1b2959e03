package dev.mpx.proxy.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code docs/status.schema.json}, and a stricter one: a member that it does not describe is one that somebody forgot to describe. */
public final class StatusSchema {
    private static final Path FILE = Path.of("../docs/status.schema.json");

    private StatusSchema() {}

    public static void check(String json) throws IOException {
        String text = Files.readString(FILE);
        SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
        JsonNode strict = JsonMapper.shared().readTree(text);
        close(strict);
        for (Schema schema : new Schema[] {registry.getSchema(text), registry.getSchema(strict)}) {
            assertThat(schema.validate(json, InputFormat.JSON)).as(json).isEmpty();
        }
    }

    private static void close(JsonNode node) {
        if (node instanceof ObjectNode object && object.has("properties") && !object.has("additionalProperties") && !object.has("if")) {
            object.put("additionalProperties", false);
        }
        node.forEach(StatusSchema::close);
    }
}
