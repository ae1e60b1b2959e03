package dev.mpx.transports.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.mpx.framing.Frame;
import dev.mpx.transports.Exit;
import dev.mpx.transports.ProcessLink;
import dev.mpx.transports.Received;
import dev.mpx.transports.Sending;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.newsclub.net.unix.AFUNIXSocketAddress;
import org.newsclub.net.unix.AFUNIXSocketChannel;

/** All that holds of a process behind pipes holds of one behind sockets, to which the native guard connects it; and what is different. */
@EnabledOnOs(OS.LINUX)
class SocketedProcessTest extends SpawnedProcessTest {
    private static final Path PROGRAM = Path.of(System.getProperty("mpx.program", ""));
    private static final Map<String, String> PATH = Map.of("PATH", System.getenv("PATH"));
    private static final String ONLY_WITH_PIPES = "[ -p /proc/$$/fd/0 ] || exit 3; readlink /proc/$$/fd/0; cat";

    @BeforeAll
    static void thereIsAGuard() {
        assumeThat(Files.isExecutable(PROGRAM)).as("the native program, which takes a C compiler").isTrue();
    }

    @Override
    ProcessLauncher launcher(List<String> command, Map<String, String> environment) {
        List<String> words = new ArrayList<>(List.of(PROGRAM.toString(), "guard", "--term-ms", "200", "--"));
        words.addAll(command);
        return new ProcessLauncher(
                new ProcessSpec(words, directory, environment, true, home -> ""), loop, limits(), budget, logged::add);
    }

    @Test
    void itsInputAndOutputAreSockets() {
        ProcessLink link = sh("readlink /proc/$$/fd/0 /proc/$$/fd/1; cat");
        Received received = subscribe(link, Received.all()).awaitLines(2);
        assertThat(received.texts()).allMatch(what -> what.startsWith("socket:")).doesNotHaveDuplicates();
    }

    /** As the multiplexer does: it asks for the end as soon as the output has ended, before it hears of the death. */
    @Test
    void aCommandThatEndsWithoutAWordIsToBeTriedAgainAndThenHasPipes() {
        ProcessLauncher launcher = launcher(List.of("/bin/sh", "-c", ONLY_WITH_PIPES), PATH);
        ProcessLink minds = launcher.launch().block(SOON);
        on.run(() -> minds.lines().doOnComplete(() -> minds.end(Duration.ofSeconds(5), Duration.ZERO)).subscribe());
        assertThat(minds.exited().block(SOON)).isEqualTo(new Exit(3).toBeTriedAgain());
        for (int i = 0; i < 2; i++) {
            ProcessLink link = launcher.launch().block(SOON);
            started.add(link);
            assertThat(subscribe(link, Received.all()).awaitLines(1).texts().get(0)).startsWith("pipe:");
        }
    }

    @Test
    void oneThatHasSpokenOverSocketsMayEndWithoutAWordLater() throws Exception {
        ProcessLauncher launcher = launcher(List.of("/bin/sh", "-c", "[ -e mute ] || echo hello; exit 3"), PATH);
        for (int i = 0; i < 3; i++) {
            ProcessLink link = launcher.launch().block(SOON);
            subscribe(link, Received.all()).awaitCompletion();
            assertThat(link.exited().block(SOON)).isEqualTo(new Exit(3));
            Files.write(directory.resolve("mute"), new byte[0]);
        }
        assertThat(launcher.givesSockets()).isTrue();
    }

    @Test
    void oneThatWasEndedBySomebodyHasNotMinded() {
        ProcessLauncher launcher = launcher(List.of("/bin/sh", "-c", "kill -9 $$"), PATH);
        ProcessLink link = launcher.launch().block(SOON);
        subscribe(link, Received.all()).awaitCompletion();
        assertThat(link.exited().block(SOON)).isEqualTo(new Exit(128 + 9));
        assertThat(launcher.givesSockets()).isTrue();
    }

    @Test
    void aGuardThatCannotConnectLeadsToPipes() {
        List<String> elsewhere = List.of(
                "/bin/sh", "-c", "exec \"$0\" guard --streams nobody-is-there -- /bin/cat", PROGRAM.toString(), "--", "cat");
        ProcessLauncher launcher = new ProcessLauncher(
                new ProcessSpec(elsewhere, directory, PATH, true, home -> ""), loop, limits(), budget, logged::add);
        ProcessLink link = launcher.launch().block(SOON);
        subscribe(link, Received.all()).awaitCompletion();
        assertThat(link.exited().block(SOON).again()).isTrue();
        assertThat(launcher.givesSockets()).isFalse();
    }

    @Test
    void aCommandThatTheGuardDidNotStartSaysNothingAboutSockets() {
        ProcessLauncher launcher = launcher(List.of("/no/such/program"), Map.of());
        for (int i = 0; i < 2; i++) {
            ProcessLink link = launcher.launch().block(SOON);
            subscribe(link, Received.all()).awaitCompletion();
            assertThat(link.exited().block(SOON).again()).isFalse();
        }
        assertThat(launcher.givesSockets()).isTrue();
    }

    /** Its parent is no shell, as under systemd. */
    @Test
    void aBashDoesNotTakeItForARemoteLogin() throws Exception {
        assumeThat(Files.isExecutable(Path.of("/bin/bash"))).isTrue();
        Files.writeString(directory.resolve(".bashrc"), "echo banner\n");
        ProcessLink link = launch(List.of("/bin/bash", "-c", "echo hi"), Map.of("HOME", directory.toString()));
        Received received = subscribe(link, Received.all());
        received.awaitCompletion();
        assertThat(received.texts()).containsExactly("hi");
    }

    @Test
    void aGuardThatIsDoneBeforeItIsLetInIsLetInAllTheSame() throws Exception {
        try (Rendezvous rendezvous = Rendezvous.open().orElseThrow()) {
            Process guard = new ProcessBuilder(
                    PROGRAM.toString(), "guard", "--streams", rendezvous.name(), "--", "/bin/echo", "done").start();
            assertThat(guard.waitFor()).isZero();
            Rendezvous.Met met = rendezvous.meet(guard, () -> false).orElseThrow();
            ByteBuffer said = ByteBuffer.allocate(16);
            assertThat(met.stdout().read(said)).isEqualTo(5);
            met.close();
        }
    }

    @Test
    void nobodyButTheGuardIsLetIn() throws Exception {
        Process other = new ProcessBuilder("/bin/sleep", "60").start();
        try (Rendezvous rendezvous = Rendezvous.open().orElseThrow()) {
            AFUNIXSocketChannel stranger = AFUNIXSocketChannel.open();
            stranger.connect(AFUNIXSocketAddress.inAbstractNamespace(rendezvous.name()));
            AtomicInteger looks = new AtomicInteger();
            assertThat(rendezvous.meet(other, () -> looks.incrementAndGet() > 5)).isEmpty();
            assertThat(stranger.read(ByteBuffer.allocate(1))).as("it is turned away").isEqualTo(-1);
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    @Override
    void aCommandThatCannotBeExecutedIsAnErrorInPlainWords() {
        ProcessLink link = launch(List.of("/no/such/program"), Map.of());
        subscribe(link, Received.all()).awaitCompletion();
        assertThat(link.exited().block(SOON).refusal().orElseThrow())
                .startsWith("/no/such/program can't be run: No such file or directory.");
    }

    /** The guard wakes what it ends. */
    @Test
    @Override
    void aStoppedProcessWithAFullPipeBlocksNothing() {
        aStoppedProcessBlocksNothing(128 + 15);
    }

    /** Other than with a pipe, it is known to the byte what has gone. */
    @Test
    @Override
    void aFrameHandedToABlockedWriteCountsAsBegun() {
        ProcessLink link = sh("echo ready; kill -STOP $$; sleep 60");
        subscribe(link, Received.all()).awaitLines(1);
        on.run(() -> link.send(Frame.of(BIG))); // more than a socket holds
        await().until(() -> on.get(link::pending) < BIG.length);
        Sending blocked = on.get(() -> link.send(Frame.of("not one byte of it has gone yet")));
        assertThat(on.get(blocked::begun)).isFalse();
        assertThat(on.get(blocked::withdraw)).isTrue();
    }

    @Test
    @Override
    void itsThreadsEndWithIt() {
        ProcessLink link = sh("echo ready; cat");
        subscribe(link, Received.all()).awaitLines(1);
        assertThat(threads()).isEqualTo(1);
        on.run(() -> link.end(Duration.ofSeconds(5), Duration.ZERO));
        link.exited().block(SOON);
        await().until(() -> threads() == 0);
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().startsWith("mpx-std")).count();
    }
}
