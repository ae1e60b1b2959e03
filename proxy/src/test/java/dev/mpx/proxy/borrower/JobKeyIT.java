package dev.mpx.proxy.borrower;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which commands are one job. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class JobKeyIT {
    @TempDir
    Path directory;

    private Path user;
    private LendingDaemon daemon;

    @BeforeEach
    void prepare() throws IOException {
        user = directory.toRealPath();
        Files.createDirectories(user.resolve("notes/deep"));
        Files.createSymbolicLink(user.resolve("link"), user.resolve("notes"));
        daemon = LendingDaemon.in(user.resolve("h"));
    }

    @AfterEach
    void end() throws IOException {
        daemon.close();
    }

    private String key(Path from, String... words) throws Exception {
        List<String> command = Job.mpx("run", "--home", user.resolve("h").toString(), "--");
        command.addAll(List.of(words));
        try (Job job = Job.start(from, Map.of(), command)) {
            LendingDaemon.Said request = daemon.borrow();
            request.refuse(-32013, "enough");
            job.status();
            return request.text("key");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "mempalace mine notes", "mempalace mine ./notes/", "mempalace mine link", "mempalace mine notes/deep/..", "/opt/venv/bin/mempalace mine notes",
        "python -m mempalace mine notes", "/usr/bin/python3.11 -u -X dev -m mempalace mine notes", "python3 /opt/venv/bin/mempalace mine notes",
        "mempalace mine --mode projects notes", "mempalace mine notes --mode=projects", "mempalace --backend chroma mine notes",
        "env A=b nice -n 5 mempalace mine notes", "uvx mempalace mine notes", "timeout 5 python -m mempalace.cli mine notes"})
    void aMineIsKnownByItsSourceHoweverItIsNamed(String words) throws Exception {
        assertThat(key(user, words.split(" "))).isEqualTo("mempalace mine \"" + user.resolve("notes") + "\" --mode \"projects\"");
    }

    @Test
    void andByItsModeAndWing() throws Exception {
        String plain = key(user, "mempalace", "mine", "notes");
        assertThat(key(user, "mempalace", "mine", "notes", "--mode", "convos")).isNotEqualTo(plain)
                .isEqualTo(key(user, "mempalace", "mine", "--mode=convos", user.resolve("notes").toString()));
        assertThat(key(user, "mempalace", "mine", "notes", "--wing", "w")).isNotEqualTo(plain)
                .isEqualTo(key(user.resolve("notes"), "mempalace", "mine", "--wing=w", "."));
    }

    @Test
    void whatElseItIsToldMakesItAnother() throws Exception {
        assertThat(key(user, "mempalace", "mine", "notes", "--dry-run")).isNotEqualTo(key(user, "mempalace", "mine", "notes"));
        assertThat(key(user, "mempalace", "mine", "--limit", "3", "notes")).isEqualTo(key(user, "mempalace", "mine", "link", "--limit", "3"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"grep mempalace mine", "mempalace status mine", "python other.py mempalace mine x", "mempalace mine", "echo a b"})
    void anyOtherIsKnownByItsWholeCommandLineAndItsDirectory(String words) throws Exception {
        String key = key(user, words.split(" "));
        assertThat(key).startsWith("\"").endsWith(" in \"" + user + "\"");
        assertThat(key(user.resolve("notes"), words.split(" "))).isNotEqualTo(key);
    }

    @Test
    void wordsAreNotMixedUp() throws Exception {
        assertThat(key(user, "echo", "a b")).isNotEqualTo(key(user, "echo", "a", "b"));
    }

    /** The palace that is mined is the one that is borrowed. */
    @Test
    void thePalaceThatTheCommandNamesIsTheOneThatIsMeant() throws Exception {
        Path palace = Files.createDirectories(user.resolve("p"));
        Path server = Files.writeString(user.resolve("mempalace-mcp"), "#!/bin/sh\n");
        assertThat(server.toFile().setExecutable(true)).isTrue();
        try (LendingDaemon other = LendingDaemon.in(Path.of(palace + ".mpx"));
                Job job = Job.start(user, Map.of("PATH", user + ":/usr/bin:/bin"),
                        Job.mpx("run", "--", "mempalace", "--palace", "p", "mine", "notes"))) {
            other.borrow().refuse(-32013, "enough");
            assertThat(job.status()).isEqualTo(1);
            assertThat(other.hellos.take().toString()).contains("\"palace\":\"" + palace + "\"");
        }
    }
}
