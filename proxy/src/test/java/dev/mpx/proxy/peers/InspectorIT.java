package dev.mpx.proxy.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The command line of the MCP Inspector, which starts its server for one request and ends it. */
@RealPeers
@Timeout(90)
class InspectorIT {

    @TempDir
    Path directory;

    private Map<String, String> environment;
    private Path home;
    private Path server;

    /** The Inspector takes options and a "--" in the server's command line for its own: hence a script. */
    @BeforeEach
    void arrange() throws Exception {
        home = directory.resolve("home");
        environment = Installation.environment(directory);
        server = Files.writeString(directory.resolve("everything"), """
                #!/bin/sh
                exec '%s' --home '%s' -- node '%s' stdio
                """.formatted(
                        Installation.mpx(),
                        home,
                        Installation.nodeModule("@modelcontextprotocol/server-everything/dist/index.js")));
        Files.setPosixFilePermissions(server, PosixFilePermissions.fromString("rwx------"));
    }

    @AfterEach
    void stop() throws Exception {
        Run.mpx(environment, directory, "stop", "--home", home.toString());
    }

    @Test
    void theInspectorListsAndCallsTools() throws Exception {
        assertThat(inspect("--method", "tools/list").get("tools").valueStream()
                        .map(tool -> tool.get("name").asString()))
                .contains("echo", "get-sum");

        JsonNode sum = inspect("--method", "tools/call",
                "--tool-name", "get-sum", "--tool-arg", "a=20", "--tool-arg", "b=22");

        assertThat(sum.get("content").get(0).get("text").asString()).isEqualTo("The sum of 20 and 22 is 42.");
    }

    private JsonNode inspect(String... request) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Installation.node().toString(),
                Installation.nodeModule("@modelcontextprotocol/inspector/cli/build/cli.js").toString(),
                "--cli",
                server.toString()));
        command.addAll(List.of(request));
        Run run = Run.program(environment, directory, command);
        assertThat(run.status()).as(run.stderr()).isZero();
        return new JsonMapper().readTree(run.stdout());
    }
}
