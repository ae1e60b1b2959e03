package dev.mpx.proxy.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mpx.fixtures.client.JsonResponse;
import dev.mpx.fixtures.client.McpClient;
import dev.mpx.fixtures.json.Json;
import dev.mpx.fixtures.server.ScriptedServer;
import dev.mpx.proxy.shim.ShimProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** docs/jobs.md with everything real: the daemon, its server under its guard, and {@code mpx run}. */
@Timeout(180)
class JobsIT {
    private static final List<String> SERVER = ScriptedServer.command();

    @RegisterExtension
    final UserHome user = new UserHome();

    @BeforeEach
    void needsTheNativeProgram() {
        user.use(ShimProgram.NATIVE);
    }

    private McpClient agent() throws Exception {
        McpClient agent = user.agent(SERVER).open();
        agent.initialize();
        await().atMost(UserHome.PATIENCE).until(() -> state().equals("ready"));
        return agent;
    }

    private String state() throws IOException {
        return user.statusJson().at("child", "state").text();
    }

    /** {@code mpx run} with a script for a shell, not waited for. */
    private Process run(String script, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(UserHome.launcher().toString(), "run", "--home", user.home().toString()));
        command.addAll(List.of(options));
        command.addAll(List.of("--", "/bin/sh", "-c", script));
        ProcessBuilder builder = new ProcessBuilder(command).directory(user.directory().toFile()).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(user.environment());
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(user.directory().resolve("run.out").toFile()));
        return builder.start();
    }

    private Path mark(String name) {
        return user.directory().resolve(name);
    }

    private List<Json> jobs(String state) throws IOException {
        return user.statusJson().at("jobs").elements().stream().filter(job -> job.at("state").text().equals(state)).toList();
    }

    private static String text(JsonResponse response) {
        return response.isError() ? "error " + response.errorCode() + response.errorMessage() : response.text();
    }

    private static CompletableFuture<JsonResponse> echo(McpClient agent, String text) throws IOException {
        return agent.callTool("echo", "{\"text\":\"" + text + "\"}");
    }

    // red when the palace is lent before the server has ended, and when calls are refused at once
    @Test
    void whileACommandRunsNoServerDoesAndCallsWait() throws Exception {
        try (McpClient agent = agent()) {
            long server = user.statusJson().at("child", "pid").integer();
            Process job = run("touch begun; while [ ! -e go ]; do sleep 0.05; done; exit 5");
            await().atMost(UserHome.PATIENCE).until(() -> Files.exists(mark("begun")));
            assertThat(new OsProcess(server).isAlive()).isFalse();
            assertThat(state()).isEqualTo("lent");
            assertThat(jobs("running")).hasSize(1);
            assertThat(user.status().stdout()).contains("mpx is well: the palace is lent to a job").contains("touch begun");

            CompletableFuture<JsonResponse> call = echo(agent, "patient");
            assertThat(agent.request("ping", "{}").errorCode()).isEmpty();
            assertThat(agent.request("tools/list", "{}").errorCode()).isEmpty();
            assertThat(call).isNotDone();
            Files.createFile(mark("go"));
            assertThat(text(agent.await(call))).isEqualTo("patient");
            assertThat(job.waitFor()).isEqualTo(5);
            assertThat(jobs("ended")).singleElement().satisfies(ended -> assertThat(ended.at("status").integer()).isEqualTo(5));
        }
    }

    @Test
    void aCallIsToldAfterTenSecondsWhatRuns() throws Exception {
        try (McpClient agent = agent()) {
            Process job = run("touch begun; while [ ! -e go ]; do sleep 0.05; done");
            await().atMost(UserHome.PATIENCE).until(() -> Files.exists(mark("begun")));
            long start = System.nanoTime();
            Instant date = Instant.now();
            Process next = run("true");
            JsonResponse refused = agent.await(echo(agent, "impatient"));
            assertThat(refused.errorCode()).hasValue(-32015);
            assertThat(refused.errorMessage()).contains("touch begun");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofSeconds(9), Duration.ofSeconds(14));
            Matcher since = Pattern.compile("since (\\S+Z)").matcher(refused.errorMessage());
            assertThat(since.find()).as(refused.errorMessage()).isTrue();
            assertThat(Instant.parse(since.group(1))).isBetween(date.minusSeconds(60), date);
            assertThat(mark("run.out")).content().containsPattern("job 1 .* runs since \\d\\d:\\d\\d");
            Files.createFile(mark("go"));
            assertThat(job.waitFor()).isZero();
            assertThat(next.waitFor()).isZero();
            assertThat(text(agent.await(echo(agent, "again")))).isEqualTo("again");
        }
    }

    // red when the connection's end is taken for the end of the job
    @Test
    void aBorrowerThatIsKilledLeavesNothingBehindAndTheServerComesBack() throws Exception {
        try (McpClient agent = agent()) {
            Process job = run("trap '' TERM; (setsid sh -c 'trap \"\" TERM; echo $$ > deep; while :; do sleep 1; done' &) ; touch begun; while :; do sleep 1; done");
            await().atMost(UserHome.PATIENCE).until(() -> Files.exists(mark("begun")) && Files.exists(mark("deep"))
                    && !Files.readString(mark("deep")).isBlank());
            OsProcess deep = new OsProcess(Long.parseLong(Files.readString(mark("deep")).strip()));
            assertThat(deep.isAlive()).isTrue();
            job.destroyForcibly();
            assertThat(text(agent.await(echo(agent, "back")))).isEqualTo("back");
            assertThat(deep.isAlive()).as("a descendant of the job, beside the server").isFalse();
        }
    }

    // red when a connection that is there is taken for a borrower that goes on
    @Test
    void aBorrowerThatIsStoppedKeepsThePalaceNoLongerThanItsCommandRuns() throws Exception {
        try (McpClient agent = agent()) {
            Process job = run("touch begun; while [ ! -e go ]; do sleep 0.05; done", "--timeout", "0");
            await().atMost(UserHome.PATIENCE).until(() -> Files.exists(mark("begun")));
            OsProcess borrower = new OsProcess(job.pid());
            borrower.signal("STOP");
            try {
                await().during(Duration.ofSeconds(8)).atMost(UserHome.PATIENCE)
                        .until(() -> state().equals("lent") && jobs("running").size() == 1);
                Files.createFile(mark("go"));
                await().atMost(Duration.ofSeconds(60)).until(() -> jobs("running").isEmpty());
                assertThat(text(agent.await(echo(agent, "back")))).isEqualTo("back");
                assertThat(job.isAlive()).isTrue();
            } finally {
                borrower.signal("CONT");
            }
            assertThat(job.waitFor()).isZero();
        }
    }

    // red when its guard's limit alone is trusted, and when the server starts beside what is left of the job
    @Test
    void oneThatIsStoppedWithItsGuardIsGivenUpWhenItsTimeIsOver() throws Exception {
        try (McpClient agent = agent()) {
            Process job = run("echo $PPID > guard; touch begun; while :; do sleep 0.05; done", "--timeout", "2s");
            await().atMost(UserHome.PATIENCE).until(() -> Files.exists(mark("begun")));
            OsProcess guard = new OsProcess(Long.parseLong(Files.readString(mark("guard")).strip()));
            OsProcess borrower = new OsProcess(job.pid());
            guard.signal("STOP");
            borrower.signal("STOP");
            try {
                await().atMost(Duration.ofSeconds(90)).until(() -> jobs("running").isEmpty());
                await().atMost(Duration.ofSeconds(60)).until(() -> text(agent.await(echo(agent, "back"))).equals("back"));
                assertThat(guard.isAlive()).as("the guard, beside the server").isFalse();
            } finally {
                guard.signal("CONT");
                borrower.signal("CONT");
            }
            assertThat(job.waitFor()).isEqualTo(124);
        }
    }

    // red when the next daemon starts a server as soon as it comes, and when it counts the lock as a failed start
    @Test
    void aDaemonThatIsKilledDuringAJobLeavesNoSecondWriter() throws Exception {
        try (McpClient agent = agent()) {
            Process job = run("touch begun; while [ ! -e go ]; do sleep 0.05; done; [ ! -e server ] || exit 9");
            await().atMost(UserHome.PATIENCE).until(() -> Files.exists(mark("begun")));
            long before = user.broker().at("pid").integer();
            new OsProcess(before).kill();
            CompletableFuture<JsonResponse> call = echo(agent, "next");
            await().atMost(UserHome.PATIENCE).until(() -> user.broker().at("pid").integer() != before);
            await().atMost(UserHome.PATIENCE).until(() -> state().equals("lent") && !jobs("running").isEmpty());
            assertThat(job.isAlive()).isTrue();
            assertThat(jobs("running")).singleElement().satisfies(running -> assertThat(running.at("command").text()).contains("touch begun"));
            assertThat(user.processes().filter(process -> process.commandLine().contains(ScriptedServer.class.getName()))
                    .filter(process -> !process.commandLine().contains("serve") && !process.commandLine().contains("--home"))).isEmpty();
            Files.createFile(mark("go"));
            assertThat(job.waitFor()).isZero();
            JsonResponse answer = agent.await(call);
            assertThat(answer.isError() ? answer.errorCode().orElse(0) : 0).isIn(0, -32011, -32015, -32016);
            assertThat(text(agent.await(echo(agent, "after")))).isEqualTo("after");
        }
    }

    // red when the next daemon lends what the first one's borrower still has, and that is an error
    @Test
    void aJobThatWaitsWhenTheDaemonIsKilledRunsWhenTheOneBeforeItHasEnded() throws Exception {
        try (McpClient agent = agent()) {
            Process first = run("touch begun; while [ ! -e go ]; do sleep 0.05; done; echo first >> order");
            await().atMost(UserHome.PATIENCE).until(() -> Files.exists(mark("begun")));
            Process second = run("echo second >> order");
            await().atMost(UserHome.PATIENCE).until(() -> jobs("waiting").size() == 1);
            long before = user.broker().at("pid").integer();
            new OsProcess(before).kill();
            await().atMost(UserHome.PATIENCE).until(() -> user.broker().at("pid").integer() != before);
            await().during(Duration.ofSeconds(2)).atMost(UserHome.PATIENCE).until(() -> first.isAlive() && second.isAlive());
            Files.createFile(mark("go"));
            assertThat(first.waitFor()).isZero();
            assertThat(second.waitFor()).isZero();
            assertThat(Files.readAllLines(mark("order"))).containsExactly("first", "second");
            await().atMost(UserHome.PATIENCE).until(() -> !echo(agent, "after").get(30, java.util.concurrent.TimeUnit.SECONDS).isError());
        }
    }

    // red when whoever comes first after the kill is taken for the one that has the palace
    @Test
    void whoAsksTheNextDaemonBeforeTheBorrowerOfTheLastOneDoesIsNotLentWhatThatStillHas() throws Exception {
        user.ensure(ScriptedServer.command());
        Process first = run("touch begun; while [ ! -e go ]; do sleep 0.05; done; echo first >> order");
        await().atMost(UserHome.PATIENCE).until(() -> Files.exists(mark("begun")));
        OsProcess borrower = new OsProcess(first.pid());
        borrower.signal("STOP");
        try {
            new OsProcess(user.broker().at("pid").integer()).kill();
            assertThat(run("echo impatient >> order", "--wait", "0").waitFor()).as("refused").isEqualTo(1);
            Process second = run("echo second >> order");
            await().atMost(UserHome.PATIENCE).until(() -> jobs("waiting").size() == 1 && state().equals("lent"));
            assertThat(jobs("found")).singleElement().satisfies(found -> assertThat(found.at("command").text()).contains("touch begun"));
            assertThat(jobs("running")).isEmpty();
            borrower.signal("CONT");
            await().atMost(UserHome.PATIENCE).until(() -> jobs("running").size() == 1);
            assertThat(jobs("running").get(0).at("command").text()).contains("touch begun");
            Files.createFile(mark("go"));
            assertThat(second.waitFor()).isZero();
        } finally {
            borrower.signal("CONT");
        }
        assertThat(first.waitFor()).isZero();
        assertThat(Files.readAllLines(mark("order"))).containsExactly("first", "second");
    }

    // red when two of one key wait, and when those who join are not told its end
    @Test
    void ofManyWithOneKeyOneRunsAndOneMoreAfterIt() throws Exception {
        try (McpClient agent = agent()) {
            Process first = run("touch begun; while [ ! -e go ]; do sleep 0.05; done; echo x >> count", "--key", "k");
            await().atMost(UserHome.PATIENCE).until(() -> Files.exists(mark("begun")));
            List<Process> more = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                more.add(run("echo x >> count; exit 3", "--key", "k"));
            }
            await().atMost(UserHome.PATIENCE).until(() -> jobs("waiting").size() == 1 && jobs("waiting").get(0).at("joined").integer() == 5);
            Files.createFile(mark("go"));
            assertThat(first.waitFor()).isZero();
            for (Process one : more) {
                assertThat(one.waitFor()).isEqualTo(3);
            }
            assertThat(Files.readAllLines(mark("count"))).hasSize(2);
            assertThat(text(agent.await(echo(agent, "after")))).isEqualTo("after");
        }
    }

    @Test
    void withoutADaemonOneIsStarted() throws Exception {
        user.ensure(SERVER);
        assertThat(user.stop().status()).isZero();
        List<String> words = new ArrayList<>(List.of("run", "--home", user.home().toString(), "--", "/bin/echo", "alone"));
        Run run = user.mpx(words.toArray(String[]::new));
        assertThat(run.stdout()).isEqualTo("alone\n");
        assertThat(run.status()).as(run.stderr()).isZero();
    }
}
