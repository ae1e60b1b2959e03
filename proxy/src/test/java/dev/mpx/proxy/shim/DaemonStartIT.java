package dev.mpx.proxy.shim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mpx.proxy.whole.OsProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What happens when there is no daemon: the shim's launcher is told that mpx is a stub, whose {@code serve} is a fake daemon. */
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ParameterizedClass
@EnumSource(ShimProgram.class)
class DaemonStartIT {
    /** No ping, which a shim answers itself when the start takes long. */
    private static final String REQUEST = "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"m\"}";

    @Parameter
    ShimProgram program;

    @TempDir
    Path directory;

    private Path home;
    private Path stub;

    @BeforeEach
    void stub() throws IOException {
        Path root = directory.toRealPath();
        home = root.resolve("h");
        stub = Files.writeString(root.resolve("stub"), "#!/bin/sh\nexec '" + Path.of(System.getProperty("java.home"), "bin/java")
                + "' -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '" + System.getProperty("java.class.path") + "' " + FakeDaemon.class.getName() + " \"$@\"\n");
        Files.setPosixFilePermissions(stub, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @AfterEach
    void endDaemons() throws IOException {
        for (String line : started()) {
            ProcessHandle.of(Long.parseLong(line.split(" ")[0])).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    private List<String> started() throws IOException {
        Path file = home.resolve("started");
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    /** Each of the two shims is told in its own way. */
    private Map<String, String> stubbed() {
        return Map.of("MPX_JAVA_OPTS", "-Dmpx.launcher=" + stub, "MPX_LAUNCHER", stub.toString());
    }

    private ShimProcess shim() throws IOException {
        return program.start(directory, stubbed(),
                List.of(ShimProgram.LAUNCHER.toString(), "--home", home.toString(), "--", "some-server", "--x y"));
    }

    @Test
    void oneIsStartedAndWhatTheAgentSaidMeanwhileReachesIt() throws Exception {
        try (ShimProcess shim = shim()) {
            shim.say(REQUEST);
            assertThat(shim.hear()).isEqualTo(REQUEST);
            assertThat(started()).hasSize(1);
            assertThat(started().get(0)).endsWith("serve --home " + home + " -- some-server --x y");
            assertThat(Files.readString(home.resolve("logs/daemon.log"))).contains("noise of the daemon");
        }
    }

    @Test
    void itIsInASessionOfItsOwnAndNobodysDescendantBeforeTheShimAnswers() throws Exception {
        try (ShimProcess shim = shim()) {
            shim.say(REQUEST);
            shim.hear();
            long pid = Long.parseLong(started().get(0).split(" ")[0]);
            assertThat(shim.process.descendants().map(ProcessHandle::pid)).doesNotContain(pid);
            assertThat(ProcessHandle.current().descendants().map(ProcessHandle::pid)).doesNotContain(pid);
            assertThat(new OsProcess(pid).session()).as("session").isEqualTo(pid);
            shim.process.destroyForcibly().waitFor();
            assertThat(ProcessStat.isAlive(pid)).isTrue();
            try (var descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
                assertThat(descriptors.map(DaemonStartIT::target)).noneMatch(target -> target.startsWith("pipe:"));
            }
            assertThat(Files.readAllLines(Path.of("/proc/" + pid + "/status")))
                    .as("signals ignored").filteredOn(line -> line.startsWith("SigIgn:")).allMatch(
                            line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 0b110) == 0);
        }
    }

    /** Which the native shim is not, while much passes ({@link CourtesyIT}). */
    @Test
    void theNextOneIsScheduledLikeAnyProgram() throws Exception {
        try (ShimProcess shim = shim()) {
            shim.say(REQUEST);
            String answer = shim.hear();
            int own = new OsProcess(ProcessHandle.current().pid()).schedulingPolicy();
            ProcessHandle first = ProcessHandle.of(Long.parseLong(started().get(0).split(" ")[0])).orElseThrow();
            while (program == ShimProgram.NATIVE && new OsProcess(shim.process.pid()).schedulingPolicy() == own) {
                shim.say(REQUEST);
                answer = shim.hear();
            }
            assertThat(answer).isEqualTo(REQUEST);
            first.destroyForcibly();
            do { // until it has noticed, and has started another
                shim.say(REQUEST);
                answer = shim.hear();
            } while (!answer.equals(REQUEST) || started().size() < 2);
            assertThat(new OsProcess(Long.parseLong(started().get(1).split(" ")[0])).schedulingPolicy()).isEqualTo(own);
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException gone) {
            return "";
        }
    }

    @Test
    void twentyShimsAtOnceStartOne() throws Exception {
        List<ShimProcess> shims = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                shims.add(shim());
            }
            for (ShimProcess shim : shims) {
                shim.say(REQUEST);
            }
            for (ShimProcess shim : shims) {
                assertThat(shim.hear()).isEqualTo(REQUEST);
            }
            assertThat(started()).hasSize(1);
        } finally {
            for (ShimProcess shim : shims) {
                shim.close();
            }
        }
    }

    @Test
    void oneThatDiesAtOnceIsToldWithTheLastLinesOfItsLog() throws Exception {
        Files.createDirectories(home);
        Files.createFile(home.resolve("fail"));
        try (ShimProcess shim = shim()) {
            shim.say("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"x\"}");
            assertThat(shim.hear()).contains("\"id\":7").contains("-32012").contains("no-daemon")
                    .contains("the fake daemon fails\uFFFD").contains(home.resolve("logs/daemon.log").toString()).contains("mpx serve");
            shim.endInput();
            assertThat(shim.exitStatus()).isEqualTo(1);
        }
    }

    @Test
    void oneThatCouldNotBeStartedIsTriedAgainAndServesOnceItCan() throws Exception {
        Files.createDirectories(home);
        Files.createFile(home.resolve("fail"));
        try (ShimProcess shim = shim()) {
            shim.say("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"initialize\"}");
            assertThat(shim.hear()).contains("\"id\":7").contains("-32012").contains("mpx keeps trying");
            Files.delete(home.resolve("fail"));
            String answer;
            do {
                shim.say("{\"jsonrpc\":\"2.0\",\"id\":8,\"method\":\"initialize\"}");
                answer = shim.hear();
            } while (answer.contains("-32012"));
            assertThat(answer).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":8,\"method\":\"initialize\"}");
        }
    }

    @Test
    void aLogThatHasGrownLargeIsEmptied() throws Exception {
        Path log = Files.createDirectories(home.resolve("logs")).resolve("daemon.log");
        Files.write(log, new byte[(1 << 20) + 1]);
        try (ShimProcess shim = shim()) {
            shim.say(REQUEST);
            shim.hear();
            assertThat(Files.size(log)).isLessThan(10_000);
        }
    }

    @Test
    void whereSetsidIsMissingPerlDetachesTheDaemonAsWell() throws Exception {
        Path bin = Files.createDirectories(directory.resolve("bin"));
        for (String tool : List.of("sh", "perl", "readlink")) {
            Path found = Path.of("/usr/bin", tool);
            assumeTrue(Files.exists(found), tool + " is missing");
            Files.createSymbolicLink(bin.resolve(tool), found);
        }
        Files.createSymbolicLink(bin.resolve("java"), Path.of(System.getProperty("java.home"), "bin/java"));
        Map<String, String> without = new HashMap<>(stubbed());
        without.put("PATH", bin.toString());
        try (ShimProcess shim = program.start(directory, without,
                List.of(ShimProgram.LAUNCHER.toString(), "--home", home.toString(), "--", "some-server"))) {
            shim.say(REQUEST);
            assertThat(shim.hear()).isEqualTo(REQUEST);
            long pid = Long.parseLong(started().get(0).split(" ")[0]);
            assertThat(new OsProcess(pid).session()).isEqualTo(pid);
        }
    }
}
