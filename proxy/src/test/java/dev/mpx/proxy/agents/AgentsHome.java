package dev.mpx.proxy.agents;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.mpx.proxy.home.Environment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A user's home with configurations of agents, and a project in it that is the current directory; new for each test. To be registered
 * as a field with {@code @RegisterExtension}.
 */
final class AgentsHome implements BeforeEachCallback, AfterEachCallback {
    static final String MPX = "/opt/mpx/bin/mpx";

    private final List<String> programs;
    private final Map<String, String> variables = new HashMap<>();
    /** All that is there, the user's directory and that on PATH. */
    Path directory;
    Path user;
    private Path here;

    /** @param programs that are on PATH */
    AgentsHome(String... programs) {
        this.programs = List.of(programs);
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        directory = Files.createTempDirectory("mpx-agents");
        user = Files.createDirectories(directory.resolve("user"));
        here = Files.createDirectories(user.resolve("project"));
        variables.put("HOME", user.toString());
        variables.put("PATH", Files.createDirectories(directory.resolve("bin")).toString());
        for (String name : programs) {
            program(name);
        }
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    AgentsHome with(String name, String value) {
        variables.put(name, value);
        return this;
    }

    /** The current directory is the user's own from now on. */
    AgentsHome inUsersDirectory() {
        here = user;
        return this;
    }

    Environment environment() {
        return new Environment(variables, here, user);
    }

    /** An executable on PATH. */
    Path program(String name) throws IOException {
        Path program = Files.writeString(Path.of(variables.get("PATH"), name), "#!/bin/sh\n");
        program.toFile().setExecutable(true);
        return program;
    }

    Path write(String name, String content) throws IOException {
        Path file = user.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, content.getBytes(UTF_8));
    }

    String read(String name) throws IOException {
        return new String(Files.readAllBytes(user.resolve(name)), UTF_8);
    }

    List<AgentPlan> installing(Agent... agents) {
        return new Installing(environment(), new MpxProgram(MPX)).plan(Set.of(agents));
    }

    List<AgentPlan> uninstalling(Agent... agents) throws IOException {
        return new Uninstalling(environment(), new MpxProgram(MPX)).plan(Set.of(agents));
    }

    /** @return how many files were changed */
    int install(Agent... agents) throws IOException {
        return apply(installing(agents));
    }

    int uninstall(Agent... agents) throws IOException {
        return apply(uninstalling(agents));
    }

    static int apply(List<AgentPlan> plans) throws IOException {
        int count = 0;
        for (AgentPlan plan : plans) {
            for (FileEdit edit : plan.edits()) {
                edit.apply();
                count++;
            }
        }
        return count;
    }

    static List<String> failures(List<AgentPlan> plans) {
        return plans.stream().flatMap(plan -> plan.failures().stream()).toList();
    }

    static List<String> notes(List<AgentPlan> plans) {
        return plans.stream().flatMap(plan -> plan.notes().stream()).toList();
    }
}
