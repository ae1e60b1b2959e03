package dev.mpx.proxy.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mpx.fixtures.json.Json;
import dev.mpx.fixtures.server.ScriptedServer;
import dev.mpx.proxy.shim.ShimProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A status names the mines that run beside mpx, and only those. The mines are a script called mempalace. */
@Timeout(120)
@EnabledOnOs(OS.LINUX)
class OrphanStatusIT {
    @RegisterExtension
    final UserHome user = new UserHome();

    private Path mempalace;

    @BeforeEach
    void aPalaceThatIsServed() throws Exception {
        user.use(ShimProgram.NATIVE);
        mempalace = script("mempalace", "sleep 1000; exit");
        Path server = script("mempalace-mcp", "exec " + String.join(" ", ScriptedServer.command().stream().map(word -> "'" + word + "'").toList()));
        user.ensure(List.of(server.toString()));
    }

    private Path script(String name, String text) throws IOException {
        Path file = Files.writeString(Files.createDirectories(user.directory().resolve("bin")).resolve(name), "#!/bin/sh\n" + text + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return file;
    }

    private Process start(String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(user.directory().toFile())
                .redirectErrorStream(true).redirectOutput(user.directory().resolve("out").toFile());
        builder.environment().clear();
        builder.environment().putAll(user.environment());
        return builder.start();
    }

    private List<Json> orphans() throws IOException {
        return user.statusJson().at("orphans").elements();
    }

    // red when it looks only once, and when the palace of a mine is not asked for
    @Test
    void aMineBesideMpxIsNamedWithTheCommandThatEndsIt() throws Exception {
        assertThat(orphans()).isEmpty();
        assertThat(user.status().stdout()).doesNotContain("orphan");
        start(mempalace.toString(), "--palace", user.directory().resolve("other").toString(), "mine", "x");
        start(mempalace.toString(), "search", "mine");
        Process mine = start(mempalace.toString(), "mine", "y");
        await().atMost(UserHome.PATIENCE).until(() -> !orphans().isEmpty());
        assertThat(orphans()).singleElement().satisfies(orphan -> {
            assertThat(orphan.at("pid").integer()).isEqualTo(mine.pid());
            assertThat(orphan.at("command").text()).endsWith(mempalace + " mine y");
            assertThat(orphan.at("ageMs").integer()).isGreaterThanOrEqualTo(1000);
        });
        assertThat(user.status().stdout()).contains("orphans   pid " + mine.pid() + ", for ", "mine y", "mpx run --reap --home " + user.home());

        Files.writeString(user.home().resolve("mpx.toml"), "[jobs]\norphans = \"0s\"\n");
        assertThat(user.mpx("run", "--reap", "--home", user.home().toString()).stderr()).contains("pid " + mine.pid());
        await().atMost(UserHome.PATIENCE).until(() -> orphans().isEmpty());
    }

    // red when the marks of a job are not looked at
    @Test
    void aMineThatIsAJobIsNotNamedNorWhatItHasLeft() throws Exception {
        script("mempalace", "setsid sh -c 'exec \"$0\" mine deep' " + quiet() + " & sleep 1000; exit");
        List<String> words = new ArrayList<>(List.of(UserHome.launcher().toString(), "run", "--home", user.home().toString(), "--"));
        words.addAll(List.of(mempalace.toString(), "mine", "job"));
        Process job = start(words.toArray(String[]::new));
        await().atMost(UserHome.PATIENCE).until(() -> user.processes().anyMatch(process -> process.commandLine().contains("deep")));
        Process beside = start(mempalace.toString(), "mine", "beside");
        await().atMost(UserHome.PATIENCE).until(() -> orphans().stream().anyMatch(orphan -> orphan.at("pid").integer() == beside.pid()));
        assertThat(orphans()).allSatisfy(orphan -> assertThat(orphan.at("command").text()).doesNotContain("job"))
                .noneMatch(orphan -> isBelow(orphan.at("pid").integer(), job));
    }

    private static boolean isBelow(long pid, Process job) {
        return job.descendants().anyMatch(process -> process.pid() == pid);
    }

    /** Another program of that name, which starts no more of itself. */
    private String quiet() throws IOException {
        Path directory = Files.createDirectories(user.directory().resolve("quiet"));
        Path file = Files.writeString(directory.resolve("mempalace"), "#!/bin/sh\nsleep 1000; exit\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return file.toString();
    }
}
