package dev.mpx.proxy.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mpx.framing.JsonValue;
import dev.mpx.proxy.home.Environment;
import dev.mpx.proxy.home.Home;
import dev.mpx.proxy.home.ServerCommand;
import dev.mpx.proxy.mux.Profiles;
import dev.mpx.transports.Launcher;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/**
 * DESIGN.md, "Cold start": {@code profile.json}, keyed by the executable's path and modification time, arguments and
 * declared capabilities; with real files.
 */
class ProfileFileTest {
    private static final byte[] DECLARED = bytes("{\"roots\":{}}");
    private static final String INITIALIZE = "{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"result\":{\"name\":\"Pälaß \\u0001\",\"n\":1.10}}";
    private static final String TOOLS = "{\"tools\":[{\"name\":\"a\",\"n\":1E400}]}";

    @TempDir
    private Path directory;

    private Path program;
    private Home home;

    @BeforeEach
    void install() throws IOException {
        home = new Home(Files.createDirectories(directory.resolve("home")));
        program = Files.createDirectories(directory.resolve("bin")).resolve("server");
        Files.writeString(program, "#!/bin/sh\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private ProfileFile open(String... argv) {
        Environment environment = new Environment(
                Map.of("PATH", directory.resolve("nowhere") + ":" + program.getParent()), directory, directory);
        return ProfileFile.open(home, new ServerCommand(List.of(argv), Optional.empty()), environment);
    }

    private ProfileFile open() {
        return open(program.toString(), "--palace", "/p");
    }

    private void save() {
        save(open());
    }

    private void save(ProfileFile file) {
        file.save(DECLARED, new Profiles.Profile(bytes(INITIALIZE), Map.of("tools/list", bytes(TOOLS))));
        await().atMost(Duration.ofSeconds(20)).until(() -> Files.exists(home.profile()));
    }

    @Test
    void withoutAFileNothingIsKnown() {
        assertThat(open().load(DECLARED)).isEmpty();
    }

    @Test
    void whatWasSavedIsThereForTheNextDaemonByteForByte() throws IOException {
        save();

        Profiles.Profile profile = open().load(DECLARED).orElseThrow();

        assertThat(profile.initialize()).isEqualTo(bytes(INITIALIZE));
        assertThat(profile.pages()).containsOnlyKeys("tools/list");
        assertThat(profile.pages().get("tools/list")).isEqualTo(bytes(TOOLS));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.profile()))).isEqualTo("rw-------");
        assertThat(JsonValue.parse(Files.readAllBytes(home.profile()))).isPresent();
    }

    @Test
    void itIsThereForTheSameDaemonAtOnce() {
        ProfileFile file = open();
        save(file);

        assertThat(file.load(DECLARED)).isPresent();
        assertThat(file.load(bytes("{}"))).isEmpty();
    }

    // red when load() does not compare
    @Test
    void itIsNotForOtherCapabilities() {
        save();

        assertThat(open().load(bytes("{}"))).isEmpty();
    }

    // red when the key leaves out the arguments
    @Test
    void norForOtherArguments() {
        save();

        assertThat(open(program.toString(), "--palace", "/other").load(DECLARED)).isEmpty();
        assertThat(open(program.toString(), "--palace /p").load(DECLARED)).isEmpty();
    }

    // red when the key leaves out the modification time
    @Test
    void norForAnExecutableThatWasReplaced() throws IOException {
        save();
        Files.setLastModifiedTime(program, FileTime.fromMillis(1_700_000_000_000L));

        assertThat(open().load(DECLARED)).isEmpty();
    }

    @Test
    void norForAnotherExecutableOfTheSameName() throws IOException {
        save(open("server"));
        assertThat(open("server").load(DECLARED)).isPresent();
        Path first = Files.createDirectories(directory.resolve("nowhere")).resolve("server");
        Files.copy(program, first, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);

        assertThat(open("server").load(DECLARED)).isEmpty();
    }

    @Test
    void aFileThatWasCutOffAnywhereIsIgnored() throws IOException {
        save();
        byte[] whole = Files.readAllBytes(home.profile());
        for (int length = 0; length < whole.length; length++) {
            Files.write(home.profile(), java.util.Arrays.copyOf(whole, length));
            assertThat(open().load(DECLARED)).isEmpty();
        }
    }

    // red when a page or a handshake with a line break is taken: it would break the line it is sent in
    @ParameterizedTest
    @ValueSource(strings = {"\"initialize\":", "\"pages\":", "\"declared\":", "\"key\":"})
    void aMemberOfAnotherKindIsIgnored(String member) throws IOException {
        save();
        String whole = Files.readString(home.profile());
        for (String value : List.of("null", "[]", "7", "\"\\n\"")) {
            int begin = whole.indexOf(member) + member.length();
            Files.writeString(home.profile(), whole.substring(0, begin) + value + ",\"rest\":" + whole.substring(begin));
            Optional<Profiles.Profile> profile = open().load(DECLARED);
            assertThat(profile.map(Profiles.Profile::pages).orElse(Map.of()))
                    .allSatisfy((method, page) -> assertThat(page).doesNotContain('\n'));
            assertThat(profile.map(Profiles.Profile::initialize).orElse(new byte[0])).doesNotContain('\n');
        }
    }

    @Test
    void noiseIsIgnored() throws IOException {
        for (String noise : List.of("null", "[]", "\u0000\u0000", "{\"key\":1}", "{}{}")) {
            Files.writeString(home.profile(), noise);
            assertThat(open().load(DECLARED)).isEmpty();
        }
        Files.write(home.profile(), new byte[] {(byte) 0xff, (byte) 0xfe});
        assertThat(open().load(DECLARED)).isEmpty();
    }

    @Test
    void aDirectoryInItsPlaceIsIgnored() throws IOException {
        Files.createDirectories(home.profile());

        assertThat(open().load(DECLARED)).isEmpty();
    }

    @Test
    void aFileThatCantBeWrittenHurtsNobody() {
        home = new Home(directory.resolve("gone"));
        ProfileFile file = open();
        file.save(DECLARED, new Profiles.Profile(bytes(INITIALIZE), Map.of()));

        assertThat(file.load(DECLARED)).isPresent();
    }

    // ---- an upgrade while the daemon runs

    private static Launcher launching(Runnable then) {
        return () -> Mono.fromRunnable(then);
    }

    private void upgrade() {
        try {
            Files.setLastModifiedTime(program, FileTime.fromMillis(1_700_000_000_000L));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void start(ProfileFile file, Runnable then) {
        file.watching(launching(then)).launch().block(Duration.ofSeconds(20));
    }

    // red when the key is computed when the file is opened only
    @Test
    void whatAnUpgradedServerAnswersIsKeptUnderItsOwnKey() throws IOException {
        ProfileFile file = open();
        FileTime before = Files.getLastModifiedTime(program);
        upgrade();
        start(file, () -> {});
        save(file);

        assertThat(open().load(DECLARED)).isPresent();
        Files.setLastModifiedTime(program, before);
        assertThat(open().load(DECLARED)).isEmpty();
    }

    // red when load() does not compare keys
    @Test
    void whatTheServerBeforeItAnsweredIsNotForIt() {
        ProfileFile file = open();
        save(file);
        assertThat(file.load(DECLARED)).isPresent();
        upgrade();
        start(file, () -> {});

        assertThat(file.load(DECLARED)).isEmpty();
    }

    // red when save() does not look whether the executable is still the one that was started
    @Test
    void whatAServerAnswersThatWasReplacedAfterItsStartIsKeptUnderNoKey() throws Exception {
        ProfileFile file = open();
        FileTime before = Files.getLastModifiedTime(program);
        start(file, this::upgrade);
        file.save(DECLARED, new Profiles.Profile(bytes(INITIALIZE), Map.of()));
        file.written().block(Duration.ofSeconds(20));

        assertThat(open().load(DECLARED)).isEmpty();
        Files.setLastModifiedTime(program, before);
        assertThat(open().load(DECLARED)).isEmpty();
    }

    // red when the key is computed beside the launch and not before it
    @Test
    void theKeyIsThatOfTheMomentBeforeTheStart() throws IOException {
        ProfileFile file = open();
        FileTime before = Files.getLastModifiedTime(program);
        start(file, () -> {
            upgrade();
            file.save(DECLARED, new Profiles.Profile(bytes(INITIALIZE), Map.of()));
        });
        file.written().block(Duration.ofSeconds(20));

        assertThat(Files.exists(home.profile())).isFalse();
    }

    // red when saves run beside each other: they share the temporary file's name
    @Test
    void ofManySavesAtOnceTheLastOneIsWhatStays() throws IOException {
        ProfileFile file = open();
        for (int i = 1; i <= 200; i++) {
            String page = "{\"n\":" + i + ",\"bulk\":\"" + "x".repeat(20_000) + "\"}";
            file.save(DECLARED, new Profiles.Profile(bytes(INITIALIZE), Map.of("tools/list", bytes(page))));
        }
        file.written().block(Duration.ofSeconds(60));

        byte[] kept = open().load(DECLARED).orElseThrow().pages().get("tools/list");
        assertThat(new String(kept, StandardCharsets.UTF_8)).startsWith("{\"n\":200,");
        try (var left = Files.list(home.directory())) {
            assertThat(left).containsExactly(home.profile());
        }
    }
}
