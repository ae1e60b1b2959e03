package dev.mpx.transports.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.mpx.framing.Frame;
import dev.mpx.transports.ByteBudget;
import dev.mpx.transports.Closed;
import dev.mpx.transports.Exit;
import dev.mpx.transports.LinkLimits;
import dev.mpx.transports.OnLoop;
import dev.mpx.transports.ProcessLink;
import dev.mpx.transports.Received;
import dev.mpx.transports.Sending;
import dev.mpx.transports.loop.EventLoop;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

@Timeout(20)
class SpawnedProcessTest {
    static final Duration SOON = Duration.ofSeconds(8);
    private static final int OUTBOX = 1 << 20;
    static final byte[] BIG = new byte[900_000];

    static {
        Arrays.fill(BIG, (byte) 'x');
    }

    @TempDir
    Path directory;

    EventLoop loop;
    OnLoop on;
    final ByteBudget budget = new ByteBudget(64 << 20);
    final List<String> logged = Collections.synchronizedList(new ArrayList<>());
    final List<ProcessLink> started = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        loop = EventLoop.start("test-processes");
        on = new OnLoop(loop);
    }

    @AfterEach
    void stop() {
        for (ProcessLink link : started) {
            on.get(() -> link.end(Duration.ZERO, Duration.ZERO)).block(SOON);
        }
        await().until(() -> budget.held() == 0);
        loop.close();
    }

    @Test
    void linesGoInAndComeOutInOrder() {
        ProcessLink cat = sh("cat");
        Received received = subscribe(cat, Received.all());
        on.run(() -> {
            for (int i = 0; i < 5000; i++) {
                cat.send(Frame.of("{\"n\":" + i + "}"));
            }
        });
        received.awaitLines(5000);
        for (int i = 0; i < 5000; i++) {
            assertThat(received.lines.get(i)).hasToString("{\"n\":" + i + "}");
        }
        assertThat(cat.peer().pid()).hasValue(cat.pid());
        assertThat(cat.peer().transport()).isEqualTo("process");
        assertThat(on.get(cat::pending)).isZero();
    }

    @Test
    void itRunsInItsDirectoryWithExactlyItsEnvironment() {
        ProcessLink link = launch(List.of("/bin/sh", "-c", "pwd; echo \"$COLOUR$HOME\""), Map.of("COLOUR", "red"));
        Received received = subscribe(link, Received.all());
        received.awaitCompletion();
        assertThat(received.texts()).containsExactly(directory.toString(), "red");
    }

    @Test
    void aCommandThatCannotBeExecutedIsAnErrorInPlainWords() throws Exception {
        assertThatThrownBy(() -> launch(List.of("/no/such/program"), Map.of()))
                .isInstanceOf(LaunchFailed.class)
                .hasMessage("/no/such/program cannot be started: No such file or directory");
        Path plain = Files.writeString(directory.resolve("plain"), "text");
        assertThatThrownBy(() -> launch(List.of(plain.toString()), Map.of()))
                .hasMessage(plain + " cannot be started: Permission denied");
        ProcessSpec spec = new ProcessSpec(List.of("/bin/cat"), directory.resolve("gone"), Map.of());
        assertThatThrownBy(() -> new ProcessLauncher(spec, loop.scheduler(), LinkLimits.STANDARD, budget, logged::add)
                .launch().block(SOON)).hasMessageContaining("does not exist");
    }

    @Test
    void nothingIsReadBeyondTheDemand() {
        ProcessLink yes = sh("yes line | head -n 400000; echo written >&2");
        Received received = subscribe(yes, new Received(3));
        received.awaitLines(3);
        on.run(() -> {});
        assertThat(received.lines).hasSize(3);
        await("it is held up at the pipe").during(Duration.ofMillis(300)).until(() -> yes.lastWords().isEmpty());
        on.run(() -> received.request(2));
        assertThat(received.awaitLines(5).lines).hasSize(5);
        assertThat(budget.held()).as("the rest of one chunk is accounted").isBetween(1L, 64L * 1024);
    }

    @Test
    void whatStandsThereWithoutNewlineWhenItDiesIsALineToo() {
        ProcessLink link = sh("printf 'a\\nhalf'; printf 'last gasp' >&2; exit 3");
        Received received = subscribe(link, Received.all());
        received.awaitCompletion();
        assertThat(received.texts()).containsExactly("a", "half");
        assertThat(link.exited().block(SOON)).isEqualTo(new Exit(3));
        Closed closed = link.closed().block(SOON);
        assertThat(closed.cause()).isEqualTo(Closed.Cause.PEER);
        assertThat(closed.detail()).contains("status 3");
        assertThat(link.lastWords()).containsExactly("last gasp");
    }

    @Test
    void lastWordsCanOnlyBeShown() throws Exception {
        ByteArrayInputStream said = new ByteArrayInputStream("\u202eevil\u001b[m\t\u2028 記憶\n".getBytes(StandardCharsets.UTF_8));
        StderrTail tail = new StderrTail(said, line -> {}, () -> {});
        tail.run();
        assertThat(tail.lastWords()).containsExactly("\uFFFDevil\uFFFD[m\t\uFFFD 記憶");
    }

    @Test
    void theEndOfItsOutputDoesNotCloseTheLink() throws Exception {
        ProcessLink link = sh("exec 1>&-; cat > got");
        Received received = subscribe(link, Received.all());
        received.awaitCompletion();
        on.run(() -> link.send(Frame.of("still listening")));
        Path got = directory.resolve("got");
        await().until(() -> Files.exists(got) && Files.readString(got).equals("still listening\n"));
    }

    @Test
    void aBrokenStdinClosesTheLink() {
        ProcessLink link = sh("exec 0<&-; echo ready; exec sleep 60");
        Received received = subscribe(link, Received.all());
        received.awaitLines(1);
        on.run(() -> link.send(Frame.of("into the void")));
        Closed closed = link.closed().block(SOON);
        assertThat(closed.detail()).contains("stdin");
        assertThat(closed.cause()).as(closed.detail()).isEqualTo(Closed.Cause.PEER);
        received.awaitCompletion();
    }

    @Test
    void aStoppedProcessWithAFullPipeBlocksNothing() {
        aStoppedProcessBlocksNothing(128 + 9);
    }

    void aStoppedProcessBlocksNothing(int status) {
        ProcessLink link = sh("echo ready; kill -STOP $$; sleep 60");
        Received received = subscribe(link, Received.all());
        received.awaitLines(1);
        List<Sending> sendings = new ArrayList<>();
        on.run(() -> {
            sendings.add(link.send(Frame.of(BIG)));
            sendings.add(link.send(Frame.of("behind it")));
        });
        await().until(() -> sendings.get(0).begun());
        long start = System.nanoTime();
        on.run(() -> {
            assertThat(sendings.get(0).withdraw()).isFalse();
            assertThat(sendings.get(1).begun()).isFalse();
            assertThat(sendings.get(1).withdraw()).isTrue();
            link.send(Frame.of("more"));
            link.end(Duration.ofMillis(200), Duration.ofMillis(200));
            link.end(Duration.ofMillis(100), Duration.ofMillis(100));
        });
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(150));
        assertThat(link.exited().block(SOON)).isEqualTo(new Exit(status));
        assertThat(link.closed().block(SOON).cause()).isEqualTo(Closed.Cause.LOCAL);
    }

    @Test
    void aFrameHandedToABlockedWriteCountsAsBegun() {
        ProcessLink link = sh("echo ready; kill -STOP $$; sleep 60");
        subscribe(link, Received.all()).awaitLines(1);
        on.run(() -> link.send(Frame.of(new byte[64 * 1024 - 1]))); // fills the pipe
        await().until(() -> on.get(link::pending) == 0);
        Sending blocked = on.get(() -> link.send(Frame.of("not one byte of it has gone yet")));
        await().until(blocked::begun);
        assertThat(on.get(blocked::withdraw)).isFalse();
        assertThat(on.get(link::pending)).isPositive();
    }

    @Test
    void anOutboxThatRunsOverClosesTheLinkAndAnEmptyOneTakesAnyFrame() {
        ProcessLink link = sh("echo ready; exec sleep 60");
        subscribe(link, Received.all()).awaitLines(1);
        on.run(() -> {
            link.send(Frame.of(new byte[2 * OUTBOX]));
            assertThat(link.pending()).isGreaterThan(OUTBOX);
            link.send(Frame.of("one too many"));
        });
        assertThat(link.closed().block(SOON).cause()).isEqualTo(Closed.Cause.SLOW);
    }

    @Test
    void aLargeFrameComesThroughWhole() {
        ProcessLink cat = sh("cat");
        Received received = subscribe(cat, Received.all());
        byte[] payload = new byte[16 << 20];
        Arrays.fill(payload, (byte) 'z');
        on.run(() -> cat.send(Frame.of(payload)));
        assertThat(((Frame) received.awaitLines(1).lines.get(0)).toBytes()).isEqualTo(payload);
    }

    @Test
    void stderrIsKeptInPartAndAFloodDoesNotHurt() {
        ProcessLink link = sh("i=0; while [ $i -lt 20000 ]; do echo noise $i >&2; i=$((i+1)); done;"
                + " head -c 3000000 /dev/zero >&2; echo >&2; echo last >&2; echo done");
        Received received = subscribe(link, Received.all());
        received.awaitLines(1);
        link.exited().block(SOON);
        assertThat(link.lastWords()).hasSize(50).last().isEqualTo("last");
        assertThat(link.lastWords().get(48)).hasSize(2048);
        assertThat(link.lastWords().get(47)).isEqualTo("noise 19999");
        assertThat(logged).hasSize(20_002);
    }

    @Test
    void aGrandchildThatKeepsStdoutOpenDoesNotHoldUpTheNewsOfTheExit() {
        ProcessLink link = sh("sleep 60 & echo $!; exit 5");
        Received received = subscribe(link, Received.all());
        received.awaitLines(1);
        long grandchild = Long.parseLong(received.texts().get(0));
        try {
            assertThat(link.exited().block(Duration.ofSeconds(4))).isEqualTo(new Exit(5));
            received.awaitCompletion();
        } finally {
            ProcessHandle.of(grandchild).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    @Test
    void endingLetsAnObedientProcessFinish() {
        ProcessLink link = sh("cat; echo bye");
        Received received = subscribe(link, Received.all());
        on.run(() -> link.send(Frame.of("hello")));
        received.awaitLines(1);
        on.run(() -> link.end(Duration.ofSeconds(10), Duration.ofSeconds(10)));
        assertThat(link.exited().block(SOON)).isEqualTo(new Exit(0));
        assertThat(received.texts()).containsExactly("hello", "bye");
    }

    @Test
    void endingTakesTheDescendantsAlongAlsoThoseThatIgnoreTheEndOfInputAndTerm() {
        ProcessLink link = sh("trap '' TERM; sh -c \"trap '' TERM; echo \\$\\$; while :; do sleep 1; done\" &"
                + " sleep 60 & echo $!; while :; do sleep 1; done");
        Received received = subscribe(link, Received.all());
        received.awaitLines(2);
        List<ProcessHandle> descendants = received.texts().stream().map(Long::parseLong)
                .map(ProcessHandle::of).flatMap(handle -> handle.stream()).toList();
        assertThat(descendants).hasSize(2);
        on.run(() -> link.end(Duration.ofMillis(200), Duration.ofMillis(300)));
        assertThat(link.exited().block(SOON)).isEqualTo(new Exit(128 + 9));
        await().atMost(SOON).until(() -> descendants.stream().noneMatch(ProcessHandle::isAlive));
    }

    @Test
    void descendantsOfAProcessThatObeysAtOnceAreEndedToo() {
        ProcessLink link = sh("sleep 60 & echo $!; cat >/dev/null");
        Received received = subscribe(link, Received.all());
        received.awaitLines(1);
        ProcessHandle descendant = ProcessHandle.of(Long.parseLong(received.texts().get(0))).orElseThrow();
        on.run(() -> link.end(Duration.ofSeconds(10), Duration.ofSeconds(1)));
        assertThat(link.exited().block(SOON)).isEqualTo(new Exit(0));
        await().atMost(SOON).until(() -> !descendant.isAlive());
    }

    @Test
    void closingWritesTheOutboxAndEndsTheInputButNotTheProcess() throws Exception {
        ProcessLink link = sh("cat > got; sleep 60");
        subscribe(link, Received.all());
        on.run(() -> {
            link.send(Frame.of(BIG));
            link.close();
        });
        assertThat(link.closed().block(SOON).cause()).isEqualTo(Closed.Cause.LOCAL);
        await().until(() -> Files.size(directory.resolve("got")) == BIG.length + 1);
        assertThat(ProcessHandle.of(link.pid())).isPresent();
    }

    @Test
    void abortingCompletesTheLinesAndDropsLaterFrames() {
        ProcessLink link = sh("exec sleep 60");
        Received received = subscribe(link, Received.all());
        on.run(() -> {
            link.send(Frame.of(BIG));
            link.abort();
            assertThat(link.pending()).isZero();
            assertThat(link.send(Frame.of("late")).withdraw()).isTrue();
        });
        assertThat(link.closed().block(SOON)).isEqualTo(new Closed(Closed.Cause.LOCAL, "aborted"));
        received.awaitCompletion();
    }

    @Test
    void itWorksOnAnySingleThreadedScheduler() {
        Scheduler single = Schedulers.newSingle("test-single");
        try {
            ProcessSpec spec = new ProcessSpec(List.of("/bin/cat"), directory, Map.of());
            ProcessLink cat = new ProcessLauncher(spec, single, LinkLimits.STANDARD, budget, logged::add).launch().block(SOON);
            Received received = Received.all();
            single.schedule(() -> {
                cat.lines().subscribe(received);
                cat.send(Frame.of("hello"));
            });
            assertThat(received.awaitLines(1).texts()).containsExactly("hello");
            single.schedule(() -> cat.end(Duration.ofSeconds(5), Duration.ZERO));
            assertThat(cat.exited().block(SOON)).isEqualTo(new Exit(0));
        } finally {
            single.dispose();
        }
    }

    @Test
    void itsThreadsEndWithIt() {
        ProcessLink link = sh("cat");
        String suffix = "-" + link.pid();
        assertThat(threads(suffix)).isEqualTo(3);
        on.run(() -> link.end(Duration.ofSeconds(5), Duration.ZERO));
        link.exited().block(SOON);
        await().until(() -> threads(suffix) == 0);
    }

    static long threads(String suffix) {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName)
                .filter(name -> Stream.of("mpx-stdin", "mpx-stdout", "mpx-stderr").anyMatch(one -> name.equals(one + suffix)))
                .count();
    }

    ProcessLink sh(String script) {
        return launch(List.of("/bin/sh", "-c", script), Map.of("PATH", System.getenv("PATH")));
    }

    ProcessLink launch(List<String> command, Map<String, String> environment) {
        ProcessLink link = launcher(command, environment).launch().block(SOON);
        started.add(link);
        return link;
    }

    ProcessLauncher launcher(List<String> command, Map<String, String> environment) {
        ProcessSpec spec = new ProcessSpec(command, directory, environment);
        return new ProcessLauncher(spec, loop.scheduler(), limits(), budget, logged::add);
    }

    static LinkLimits limits() {
        return new LinkLimits(64 << 20, OUTBOX);
    }

    Received subscribe(ProcessLink link, Received received) {
        on.run(() -> link.lines().subscribe(received));
        return received;
    }
}
