package dev.mpx.proxy.storm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mpx.fixtures.client.JsonResponse;
import dev.mpx.fixtures.client.McpClient;
import dev.mpx.fixtures.client.McpClientBuilder;
import dev.mpx.fixtures.json.Json;
import dev.mpx.fixtures.palace.DemoPalace;
import dev.mpx.proxy.Alone;
import dev.mpx.proxy.whole.OsProcess;
import dev.mpx.proxy.whole.Run;
import dev.mpx.proxy.whole.UserHome;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The ways to a second writer, one by one, and what a write is worth when its server dies. Beside each test stands the
 * change that makes it fail; each was tried.
 */
@Timeout(120)
@Alone
class OneWriterIT {
    /**
     * The writer is not the guard's child but a grandchild, which the kernel does not end with the guard; and it has lost
     * the guard's mark in its environment, so that the lock alone tells of it.
     */
    private static final String GRANDCHILD = """
            #!/bin/sh
            env -u MPX_GUARDED %s "$@"
            exit $?
            """;

    /** The first answer after $HOME/swallow is there gets lost with the server, which has written by then. */
    private static final String DIES_BEFORE_IT_ANSWERS = """
            #!/bin/sh
            %s "$@" | while IFS= read -r line; do
                if [ -e "$HOME/swallow" ]; then
                    rm "$HOME/swallow"
                    kill -9 $$
                    exit
                fi
                printf '%%s\\n' "$line"
            done
            """;

    @RegisterExtension
    final UserHome user = new UserHome();

    @BeforeEach
    void shortTimes() {
        user.set("MPX_TIMEOUTS_REQUEST", "2s");
        user.set("MPX_TIMEOUTS_GRACE", "1s");
    }

    /** Fails when Guard.wrap passes no {@code --lock}, or when lockfile_take_tree always says that it has the lock. */
    @Test
    void aWriterThatOutlivesDaemonAndGuardIsEndedBeforeThereIsAnother() throws Exception {
        DemoGround ground = DemoGround.in(user.directory(), GRANDCHILD);
        OsProcess old = leaveAStoppedWriter(ground, user.agent(ground.server()));

        try (McpClient client = user.agent(ground.server()).open()) {
            client.initialize();
            assertThat(new Facts(client).add("after").isError()).isFalse();
        }

        ground.inspect();
        assertThat(old.isAlive()).as("the old writer").isFalse();
        assertThat(ground.facts()).containsEntry("before", 1L).containsEntry("after", 1L);
    }

    /** What the guard is for: without it this is not seen as a failure of mpx, but promised to nobody. */
    @Test
    void withoutTheGuardTheSameLeavesTwoWriters() throws Exception {
        DemoGround ground = DemoGround.in(user.directory(), GRANDCHILD);
        Unguarded mpx = Unguarded.install(user);
        OsProcess old = leaveAStoppedWriter(ground, mpx.agent(ground.server()));

        try (McpClient client = mpx.agent(ground.server()).open()) {
            client.initialize();
            assertThat(new Facts(client).add("after").isError()).isFalse();
        }

        assertThat(old.isAlive()).as("the old writer").isTrue();
        assertThat(DemoPalace.breachFile(ground.palace())).exists();
    }

    /** Daemon, guard and the shell in between are killed; the writer, stopped, notices nothing. */
    private OsProcess leaveAStoppedWriter(DemoGround ground, McpClientBuilder agent) throws Exception {
        Scene scene = new Scene(user, ground);
        try (McpClient client = agent.open()) {
            client.initialize();
            assertThat(new Facts(client).add("before").isError()).isFalse();
            OsProcess writer = scene.server().orElseThrow();
            OsProcess shell = new OsProcess(writer.parent());
            OsProcess daemon = user.daemon();
            writer.signal("STOP");
            daemon.signal("STOP");
            scene.guard().ifPresent(OsProcess::kill);
            shell.kill();
            daemon.kill();
            await().until(() -> !daemon.isAlive() && !shell.isAlive());
            assertThat(writer.isAlive()).as("the writer whose guard is dead").isTrue();
            return writer;
        }
    }

    /** Fails when Service does not call Leftovers.reap. */
    @Test
    void withoutTheGuardTheNextDaemonEndsTheRecordedServerBeforeItStartsAnother() throws Exception {
        DemoGround ground = DemoGround.in(user.directory());
        Unguarded mpx = Unguarded.install(user);
        theNextDaemonEndsWhatAnUnguardedOneLeft(ground, mpx, mpx.agent(ground.server()));
    }

    /** Fails when Service reaps only where there is no guard: what an unguarded daemon left holds no lock. */
    @Test
    void aDaemonWithAGuardEndsWhatOneWithoutHasLeft() throws Exception {
        DemoGround ground = DemoGround.in(user.directory());
        Unguarded mpx = Unguarded.install(user);
        theNextDaemonEndsWhatAnUnguardedOneLeft(ground, mpx, user.agent(ground.server()));
    }

    private void theNextDaemonEndsWhatAnUnguardedOneLeft(DemoGround ground, Unguarded mpx, McpClientBuilder next)
            throws Exception {
        OsProcess old;
        try (McpClient client = mpx.agent(ground.server()).open()) {
            client.initialize();
            assertThat(new Facts(client).add("before").isError()).isFalse();
            old = new Scene(user, ground).server().orElseThrow();
            OsProcess daemon = user.daemon();
            old.signal("STOP");
            // its shim would start the next daemon by itself
            client.kill();
            daemon.kill();
            await().until(() -> !daemon.isAlive());
        }

        try (McpClient client = next.open()) {
            client.initialize();
            assertThat(new Facts(client).add("after").isError()).isFalse();
        }

        ground.inspect();
        assertThat(old.isAlive()).as("the old writer").isFalse();
    }

    /** Fails when ControlDesk is told that there is a guard. */
    @Test
    void withoutTheGuardStatusSaysSo() throws Exception {
        DemoGround ground = DemoGround.in(user.directory());
        Unguarded mpx = Unguarded.install(user);
        try (McpClient client = mpx.agent(ground.server()).open()) {
            client.initialize();
            assertThat(new Facts(client).add("one").isError()).isFalse();
            Run status = mpx.mpx("status", "--home", user.home().toString());
            assertThat(status.status()).isEqualTo(1);
            assertThat(status.stdout()).contains("degraded: no guard");
        }
    }

    /** Fails when Guard.wrap passes no {@code --lock}. */
    @Test
    void twoHomesThatNameOnePalaceHaveOneWriterAndTheSecondIsToldWhoItIs() throws Exception {
        DemoGround ground = DemoGround.in(user.directory());
        try (McpClient first = inHome("one", ground)) {
            first.initialize();
            assertThat(new Facts(first).add("first").isError()).isFalse();
            refusesASecondHome(ground, first);
        }
        ground.inspect();
        assertThat(ground.facts()).containsKeys("first", "in turn");
    }

    private void refusesASecondHome(DemoGround ground, McpClient first) throws Exception {
        OsProcess writer = new Scene(user, ground).server().orElseThrow();
        try (McpClient second = inHome("two", ground)) {
            JsonResponse refused = second.initialize();

            assertThat(refused.errorCode()).hasValue(-32012);
            assertThat(refused.errorData("mpx", "outcome").orElseThrow().text()).isEqualTo("not-sent");
            assertThat(refused.errorMessage())
                    .contains("pid " + writer.parent() + ", running since ", ", holds " + ground.palace(), "Your data is safe",
                            "It listens at unix:" + user.directory().resolve("one/broker.sock"),
                            "its log is " + user.directory().resolve("one/logs/mpx.log"),
                            "mpx stop --home " + user.directory().resolve("one"),
                            "mpx restart --home " + user.directory().resolve("one"));
            assertThat(new Scene(user, ground).servers()).containsExactly(writer);

            // a session that is still open would start its daemon again at once
            first.close();
            assertThat(user.mpx("stop", "--home", user.directory().resolve("one").toString()).status()).isZero();
            await("the second home's turn").atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(300))
                    .until(() -> !second.initialize().isError());
            assertThat(new Facts(second).add("in turn").isError()).isFalse();
        }
    }

    private McpClient inHome(String name, DemoGround ground) {
        String home = user.directory().resolve(name).toString();
        List<String> server = ground.server();
        return user.started(List.of("--home", home, "--", server.get(0), server.get(1), server.get(2))).open();
    }

    /** Fails when KnownReads.isRead takes every tool for a read. */
    @Test
    void aWriteWhoseServerDiedBeforeItAnsweredIsNotRepeated() throws Exception {
        DemoGround ground = DemoGround.in(user.directory(), DIES_BEFORE_IT_ANSWERS);
        try (McpClient client = user.agent(ground.server()).open()) {
            client.initialize();
            Facts facts = new Facts(client);
            assertThat(facts.add("first").isError()).isFalse();
            Files.createFile(user.directory().resolve("swallow"));

            JsonResponse lost = facts.add("second");

            assertThat(lost.errorCode()).hasValue(-32011);
            assertThat(lost.errorData("mpx", "outcome").map(Json::text)).hasValue("unknown");
            assertThat(facts.add("third").isError()).isFalse();
        }
        assertThat(ground.facts()).containsEntry("second", 1L).containsEntry("third", 1L);
        ground.inspect();
    }

    /** Fails when Deadlines.settleDoubts does not call {@code bench.stalled()}. */
    @Test
    void aServerThatAnswersNobodyIsReplacedAndTheQueueGoesOn() throws Exception {
        DemoGround ground = DemoGround.in(user.directory());
        try (McpClient client = user.agent(ground.server()).open()) {
            client.initialize();
            Facts facts = new Facts(client);
            assertThat(facts.add("first").isError()).isFalse();
            OsProcess stopped = new Scene(user, ground).server().orElseThrow();
            stopped.signal("STOP");

            // Its threads stop one by one; it may still answer what comes at once.
            await().until(() -> facts.add("second").errorCode().orElse(0) == -32010);
            await().atMost(Duration.ofSeconds(15)).until(() -> !facts.add("third").isError());

            assertThat(stopped.isAlive()).isFalse();
        }
        ground.inspect();
    }

    /** Fails when a stopped guard is not woken: then the daemon waits 23 s for it to say what can't be ended. */
    @Test
    void aGuardThatIsStoppedDoesNotHoldUpTheDaemonsEnd() throws Exception {
        DemoGround ground = DemoGround.in(user.directory());
        try (McpClient client = user.agent(ground.server()).open()) {
            client.initialize();
            assertThat(new Facts(client).add("before").isError()).isFalse();
            OsProcess guard = new Scene(user, ground).guard().orElseThrow();
            guard.signal("STOP");
            long start = System.nanoTime();
            assertThat(user.stop().status()).isZero();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(9));
            assertThat(guard.isAlive()).as("the stopped guard").isFalse();
        }
        ground.inspect();
    }

    /** Fails when TreeEnding kills no guard: then nobody is served any more, and the guard's tree is said to be wedged. */
    @Test
    void aGuardThatIsStoppedIsReplacedWithTheServerUnderIt() throws Exception {
        DemoGround ground = DemoGround.in(user.directory());
        try (McpClient client = user.agent(ground.server()).open()) {
            client.initialize();
            Facts facts = new Facts(client);
            assertThat(facts.add("first").isError()).isFalse();
            OsProcess guard = new Scene(user, ground).guard().orElseThrow();
            OsProcess server = new Scene(user, ground).server().orElseThrow();
            guard.signal("STOP");
            server.signal("STOP");

            await().until(() -> facts.add("second").errorCode().orElse(0) == -32010);
            List<String> told = new ArrayList<>();
            await().atMost(Duration.ofSeconds(25)).until(() -> {
                JsonResponse third = facts.add("third");
                if (third.isError()) {
                    told.add(third.errorMessage());
                }
                return !third.isError();
            });

            assertThat(told).noneMatch(message -> message.contains("SIGKILL"));
            assertThat(guard.isAlive()).as("the stopped guard").isFalse();
            assertThat(server.isAlive()).as("its server").isFalse();
        }
        ground.inspect();
    }

    /** Fails when a guard does not wake the stopped one that holds its lock, or does not wait until that has ended its tree. */
    @Test
    void aStoppedGuardWhoseDaemonDiesDoesNotKeepTheNextOneOutForEver() throws Exception {
        DemoGround ground = DemoGround.in(user.directory());
        try (McpClient client = user.agent(ground.server()).open()) {
            client.initialize();
            assertThat(new Facts(client).add("before").isError()).isFalse();
            OsProcess guard = new Scene(user, ground).guard().orElseThrow();
            guard.signal("STOP");
            // so that the guard, once awake, needs its whole time
            new Scene(user, ground).server().orElseThrow().signal("STOP");
            user.daemon().kill();
            JsonResponse first = new Facts(client).add("while the daemon is dying, or after");
            assertThat(first.isError() ? first.errorCode().orElse(0) : 0).as("kept waiting, not refused").isIn(0, -32011, -32016);
            assertThat(new Facts(client).add("after").isError()).as("kept waiting, not refused").isFalse();
            assertThat(guard.isAlive()).as("the stopped guard").isFalse();
        }
        ground.inspect();
    }
}
