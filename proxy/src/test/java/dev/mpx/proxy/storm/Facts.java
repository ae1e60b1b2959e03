package dev.mpx.proxy.storm;

import dev.mpx.fixtures.client.JsonResponse;
import dev.mpx.fixtures.client.McpClient;
import dev.mpx.fixtures.json.Json;

/** Writes facts with one client. */
record Facts(McpClient client) {
    /** Stores a fact about that subject. */
    JsonResponse add(String subject) {
        return add(subject, "test");
    }

    JsonResponse add(String subject, String object) {
        return client.tool("mempalace_kg_add",
                Json.object("subject", subject, "predicate", "written_by", "object", object).raw());
    }
}
