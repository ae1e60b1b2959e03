package dev.mpx.proxy.mux;

import static dev.mpx.proxy.mux.Rpc.at;
import static dev.mpx.proxy.mux.Rpc.call;
import static dev.mpx.proxy.mux.Rpc.callWithToken;
import static dev.mpx.proxy.mux.Rpc.cancelled;
import static dev.mpx.proxy.mux.Rpc.code;
import static dev.mpx.proxy.mux.Rpc.data;
import static dev.mpx.proxy.mux.Rpc.progress;
import static dev.mpx.proxy.mux.Rpc.request;
import static dev.mpx.proxy.mux.Rpc.result;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.framing.Message;
import dev.mpx.framing.RpcId;
import dev.mpx.proxy.palace.PalaceProfile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Issue 3, "Replay": a "held by another writer" answer of a MemPalace is retried within the deadline, and the error
 * names the holder if it stays. The answers are those of MemPalace 3.3.6 ({@code palace.py}) and 3.11
 * ({@code mcp_server/_guards.py}), shortened in nothing.
 */
class HeldTest {
    private static final String WRITE = "mempalace_kg_add";
    private static final String READ = "mempalace_search";
    private static final String BLOCKER = "blocker";

    /** The two forms of FACTS.md. */
    enum Form {
        SINCE_3_5 {
            @Override
            String answer(RpcId id, String holder) {
                return "{\"jsonrpc\": \"2.0\", \"id\": " + id + ", \"error\": {\"code\": -32001, "
                        + "\"message\": \"Peer MCP writer active; this server is read-only for mutating tools\", "
                        + "\"data\": {\"tool\": \"mempalace_kg_add\", \"palace\": \"/home/u/.mempalace/palace\", "
                        + "\"reason\": \"another mempalace writer already holds the palace lock for "
                        + "'/home/u/.mempalace/palace': palace /home/u/.mempalace/palace is held by " + holder
                        + "; wait for it to finish or stop the holder before retrying\", "
                        + "\"failure_kind\": \"peer_contention\"}}}";
            }
        },
        BEFORE {
            @Override
            String answer(RpcId id, String holder) {
                return "{\"jsonrpc\": \"2.0\", \"id\": " + id + ", \"result\": {\"content\": [{\"type\": \"text\", \"text\": "
                        + "\"{\\n  \\\"success\\\": false,\\n  \\\"error\\\": \\\"palace /home/u/.mempalace/palace is held by "
                        + holder + "; wait for it to finish or stop the holder before retrying\\\"\\n}\"}]}}";
            }
        };

        abstract String answer(RpcId id, String holder);
    }

    private static final String MINE = "PID 4711 (/usr/bin/python3 -m mempalace mine)";

    private final Bench bench = setup().bench();

    private static Bench.Setup setup() {
        return Bench.with()
                .window(1)
                .reads(READ)
                .held(PalaceProfile.TRAITS.heldAnswers().toArray(HeldAnswer[]::new))
                .tools(Map.of("brief", Duration.ofSeconds(5), BLOCKER, Duration.ZERO));
    }

    private static void refuse(Bench bench, Form form, String holder) {
        FakeChild child = bench.child();
        child.type(form.answer(child.next().id(), holder));
    }

    /** Lets time pass and refuses the call whenever it is asked; tells when that was, in milliseconds from now. */
    private static List<Long> refuseFor(Bench bench, Duration time, Form form) {
        List<Long> attempts = new ArrayList<>();
        for (long passed = 0; passed < time.toMillis(); passed += 10) {
            if (!bench.child().waiting().isEmpty()) {
                attempts.add(passed);
                refuse(bench, form, MINE);
            }
            bench.pass(Duration.ofMillis(10));
        }
        return attempts;
    }

    /** As the tools that mine and prune say it: 3.3.6 ({@code mempalace_sync}) to 3.11. */
    @Test
    void aMineThatFindsAnotherOneIsAskedAgain() {
        FakeLink client = bench.client();
        client.type(call(1, "mempalace_sync"));
        bench.child().answerNext("{\"content\": [{\"type\": \"text\", \"text\": \"{\\n  \\\"success\\\": false,\\n  \\\"error\\\": "
                + "\\\"another mine is in progress: palace /p is held by " + MINE + "; wait for it to finish or stop the holder before "
                + "retrying\\\",\\n  \\\"error_class\\\": \\\"LockRefusal\\\"\\n}\"}]}");
        assertThat(client.take()).isEmpty();

        bench.pass(Duration.ofMillis(200));
        bench.child().answerNext("{}");
        assertThat(client.take()).containsExactly(result(1, "{}"));
    }

    /** A form that a user has written. */
    @ParameterizedTest
    @ValueSource(strings = {
        "\"error\":{\"code\":-1,\"message\":\"sorry, database is locked\"}",
        "\"result\":{\"isError\":true,\"content\":[{\"type\":\"text\",\"text\":\"sorry, database is locked\"}]}",
    })
    void anyFailureMayBeOfAFormThatIsGiven(String failure) {
        Bench other = Bench.with().held(new HeldAnswer.InFailure(Pattern.compile("database is (locked|busy)"))).bench();
        FakeLink client = other.client();
        client.type(call(1, "write"));
        other.child().type("{\"jsonrpc\":\"2.0\",\"id\":" + other.child().next().id() + "," + failure + "}");
        assertThat(client.take()).isEmpty();

        other.pass(Duration.ofMillis(200));
        String success = "{\"content\":[{\"type\":\"text\",\"text\":\"database is locked\"}]}";
        other.child().answerNext(success);
        assertThat(client.take()).as("a success is none").containsExactly(result(1, success));
    }

    // ---- asked again

    // red when HeldCalls.keeps is always false
    @ParameterizedTest
    @EnumSource
    void aWriteThatWasRefusedForAnotherWritersSakeIsAskedAgainUntilItSucceeds(Form form) {
        FakeLink client = bench.client();
        client.type(request(1, "tools/call", "{\"name\":\"" + WRITE + "\",\"arguments\":{\"x\": 1.10}}"));
        Message.Request first = bench.child().waiting().get(0);
        refuse(bench, form, MINE);
        assertThat(client.take()).isEmpty();
        assertThat(bench.child().waiting()).isEmpty();

        bench.pass(Duration.ofMillis(200));
        Message.Request again = bench.child().next();
        bench.child().answer(again, "{\"ok\":true}");

        assertThat(again.id()).isNotEqualTo(first.id());
        assertThat(again.params().orElseThrow()).hasToString(first.params().orElseThrow().toString());
        assertThat(client.take()).containsExactly(result(1, "{\"ok\":true}"));
    }

    // red when the pause is always the first one
    @Test
    void thePausesGrow() {
        FakeLink client = bench.client();
        client.type(call(1, WRITE));

        List<Long> attempts = refuseFor(bench, Duration.ofSeconds(20), Form.BEFORE);

        assertThat(attempts).hasSize(8);
        for (int i = 1; i < attempts.size(); i++) {
            long pause = attempts.get(i) - attempts.get(i - 1);
            assertThat(pause).isBetween(Math.min(5000, 200L << (i - 1)), Math.min(5000, 200L << (i - 1)) + 20);
        }
    }

    @Test
    void whileOneWaitsForTheOtherWriterTheChildServesOthers() {
        FakeLink client = bench.client();
        FakeLink other = bench.client();
        client.type(call(1, WRITE));
        refuse(bench, Form.SINCE_3_5, MINE);

        other.type(call(1, READ));
        bench.child().answerNext("{}");

        assertThat(other.take()).containsExactly(result(1, "{}"));
    }

    @Test
    void itsProgressIsDeliveredAfterItWasAskedAgain() {
        FakeLink client = bench.client();
        client.type(callWithToken(1, WRITE, 7));
        refuse(bench, Form.BEFORE, MINE);
        bench.pass(Duration.ofMillis(200));
        Message.Request again = bench.child().next();

        bench.child().type(progress(again.id()));
        bench.child().answer(again, "{}");

        assertThat(client.take()).containsExactly(progress(7), result(1, "{}"));
    }

    @Test
    void aChildThatDiesMeanwhileChangesNothing() {
        FakeLink client = bench.client();
        client.type(call(1, WRITE));
        refuse(bench, Form.SINCE_3_5, MINE);
        bench.child().exit(1);
        bench.pass(Duration.ofMillis(300));

        assertThat(bench.launcher.children()).hasSize(2);
        bench.child().answerNext("{}");
        assertThat(client.take()).containsExactly(result(1, "{}"));
    }

    // ---- stays held

    // red when each attempt begins the call's time anew, and when it is called unknown
    @ParameterizedTest
    @EnumSource
    void whenItsDeadlinePassesTheErrorNamesTheHolderAndSaysThatNothingWasWritten(Form form) {
        FakeLink client = bench.client();
        client.type(call(1, WRITE));
        refuseFor(bench, Duration.ofSeconds(54), form);
        assertThat(client.take()).isEmpty();

        refuseFor(bench, Duration.ofSeconds(7), form);

        assertThat(client.take()).singleElement().satisfies(line -> {
            assertThat(code(line)).isEqualTo(-32015);
            assertThat(data(line, "reason")).isEqualTo("held-by-another-writer");
            assertThat(data(line, "outcome")).isEqualTo("not-sent");
            assertThat(at(line, "error", "message"))
                    .contains("Nothing was written", "pid 4711 (other writer), running since yesterday");
        });
        assertThat(refuseFor(bench, Duration.ofMinutes(2), form)).isEmpty();
    }

    @Test
    void aShortDeadlineOfItsToolCountsHereToo() {
        FakeLink client = bench.client();
        client.type(call(1, "brief"));
        refuseFor(bench, Duration.ofMillis(5400), Form.BEFORE);

        assertThat(client.take()).singleElement().satisfies(line -> assertThat(code(line)).isEqualTo(-32015));
    }

    // red when the wait before the first attempt counts
    @Test
    void theTimeItWaitedForItsFirstTurnDoesNotCount() {
        FakeLink client = bench.client();
        client.type(call(1, BLOCKER));
        client.type(call(2, WRITE));
        bench.pass(Duration.ofSeconds(55));
        bench.child().answerNext("{}");
        client.take();

        refuseFor(bench, Duration.ofSeconds(50), Form.BEFORE);

        assertThat(client.take()).isEmpty();
    }

    @Test
    void withoutADeadlineTheTotalBoundsIt() {
        FakeLink client = bench.client();
        client.type(call(1, BLOCKER));
        refuseFor(bench, Duration.ofMinutes(4), Form.BEFORE);
        assertThat(client.take()).isEmpty();

        refuseFor(bench, Duration.ofSeconds(66), Form.BEFORE);

        assertThat(client.take()).singleElement().satisfies(line -> assertThat(code(line)).isEqualTo(-32015));
    }

    // red when only the first refusal's holder is looked up
    @Test
    void theHolderThatIsNamedIsTheLastOne() {
        FakeLink client = bench.client();
        client.type(call(1, "brief"));
        refuse(bench, Form.BEFORE, MINE);
        for (int i = 0; i < 600; i++) {
            bench.pass(Duration.ofMillis(10));
            if (!bench.child().waiting().isEmpty()) {
                refuse(bench, Form.BEFORE, "PID 4712");
            }
        }

        assertThat(client.take()).singleElement()
                .satisfies(line -> assertThat(at(line, "error", "message")).contains("pid 4712").doesNotContain("4711"));
    }

    @Test
    void aHolderThatIsNotRecordedIsNotMadeUp() {
        FakeLink client = bench.client();
        client.type(call(1, "brief"));
        for (int i = 0; i < 600; i++) {
            if (!bench.child().waiting().isEmpty()) {
                refuse(bench, Form.BEFORE, "another writer (identity not recorded)");
            }
            bench.pass(Duration.ofMillis(10));
        }

        assertThat(client.take()).singleElement().satisfies(
                line -> assertThat(at(line, "error", "message")).contains("another writer (identity not recorded)"));
    }

    // ---- never touched

    // red when reason() does not ask whether the tool is a read
    @ParameterizedTest
    @EnumSource
    void theSameAnswerOfAReadIsDeliveredAsItIs(Form form) {
        FakeLink client = bench.client();
        client.type(call(1, READ));
        refuse(bench, form, MINE);

        assertThat(client.take()).containsExactly(form.answer(RpcId.of(1), MINE));
    }

    @ParameterizedTest
    @EnumSource
    void theSameAnswerToAnythingButATool(Form form) {
        FakeLink client = bench.client();
        client.type(request(1, "prompts/get", "{\"name\":\"" + WRITE + "\"}"));
        refuse(bench, form, MINE);

        assertThat(client.take()).containsExactly(form.answer(RpcId.of(1), MINE));
    }

    @ParameterizedTest
    @EnumSource
    void theSameAnswerOfAServerThatIsNoPalace(Form form) {
        Bench other = new Bench();
        FakeLink client = other.client();
        client.type(call(1, WRITE));
        refuse(other, form, MINE);

        assertThat(client.take()).containsExactly(form.answer(RpcId.of(1), MINE));
    }

    // red when the member success is not looked at
    @ParameterizedTest
    @ValueSource(strings = {
        "\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"palace /p is held by PID 1; wait\"}]}",
        "\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"{\\\"success\\\": true, \\\"error\\\": \\\"palace /p is held by PID 1\\\"}\"}]}",
        "\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"{\\\"success\\\": \\\"false\\\", \\\"error\\\": \\\"palace /p is held by PID 1\\\"}\"}]}",
        "\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"{\\\"success\\\": false, \\\"error\\\": \\\"Drawer not found: palace /p is held by PID 1\\\"}\"}]}",
        "\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"{\\\"success\\\": false, \\\"error\\\": \\\"x\\\", \\\"content\\\": \\\"palace /p is held by PID 1\\\"}\"}]}",
        "\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"{\\\"drawer\\\": {\\\"success\\\": false, \\\"error\\\": \\\"palace /p is held by PID 1\\\"}}\"}]}",
        "\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"{\\\"success\\\": false, \\\"error\\\": \\\"palace /p is held by PID 1\\\"}\"},{\"type\":\"text\",\"text\":\"more\"}]}",
        "\"result\":{\"content\":\"{\\\"success\\\": false, \\\"error\\\": \\\"palace /p is held by PID 1\\\"}\"}",
        "\"result\":{\"success\":false,\"error\":\"palace /p is held by PID 1\"}",
        "\"error\":{\"code\":-32001,\"message\":\"MCP writer initialization failed; this server is read-only for mutating tools\",\"data\":{\"reason\":\"palace /p is held by PID 1\",\"failure_kind\":\"initialization_failed\"}}",
        "\"error\":{\"code\":-32000,\"message\":\"Peer MCP writer active\",\"data\":{\"failure_kind\":\"peer_contention\"}}",
        "\"error\":{\"code\":-32001,\"message\":\"palace /p is held by PID 1\"}",
    })
    void anAnswerThatOnlyLooksLikeIt(String member) {
        FakeLink client = bench.client();
        client.type(call(1, WRITE));
        bench.child().type("{\"jsonrpc\":\"2.0\",\"id\":" + bench.child().next().id() + "," + member + "}");

        assertThat(client.take()).containsExactly("{\"jsonrpc\":\"2.0\",\"id\":1," + member + "}");
    }

    // ---- nobody waits any more

    // red when HeldCalls.release does nothing
    @Test
    void aCancelledOneIsNotAskedAgain() {
        long before = bench.budget.held();
        FakeLink client = bench.client();
        client.type(call(1, WRITE));
        refuse(bench, Form.BEFORE, MINE);
        assertThat(bench.budget.held()).isGreaterThan(before);
        client.type(cancelled(1));
        bench.child().take();
        bench.pass(Duration.ofMinutes(2));

        assertThat(bench.child().take()).isEmpty();
        assertThat(client.take()).isEmpty();
        assertThat(bench.budget.held()).isEqualTo(before);
    }

    @Test
    void norIsThatOfASessionThatLeft() {
        long before = bench.budget.held();
        FakeLink client = bench.client();
        client.type(call(1, WRITE));
        refuse(bench, Form.BEFORE, MINE);
        client.vanish();
        bench.pass(Duration.ofMinutes(2));

        assertThat(bench.child().waiting()).isEmpty();
        assertThat(bench.mux.snapshot().queued()).isZero();
        assertThat(bench.budget.held()).isEqualTo(before);
    }

    @Test
    void aCancelledOneWhoseRefusalComesLaterIsForgotten() {
        FakeLink client = bench.client();
        client.type(call(1, WRITE));
        client.type(cancelled(1));
        refuse(bench, Form.BEFORE, MINE);
        bench.pass(Duration.ofMinutes(2));

        assertThat(bench.child().waiting()).isEmpty();
        assertThat(client.take()).isEmpty();
        assertThat(bench.count(Counter.ANSWERS_LATE)).isEqualTo(1);
    }

    @Test
    void drainingRefusesItAtOnce() {
        FakeLink client = bench.client();
        client.type(call(1, WRITE));
        refuse(bench, Form.BEFORE, MINE);
        Bench.DrainWatch drain = bench.drain(Duration.ofSeconds(5));

        assertThat(client.take()).singleElement().satisfies(line -> {
            assertThat(code(line)).isEqualTo(-32016);
            assertThat(data(line, "outcome")).isEqualTo("not-sent");
        });
        bench.pass(Duration.ofSeconds(1));
        assertThat(drain.isComplete()).isTrue();
    }

    // red when giving up draining forgets the calls that wait
    @Test
    void oneThatIsRefusedWhileDrainingDoesNotHoldTheDrainUp() {
        FakeLink client = bench.client();
        client.type(call(1, WRITE));
        Bench.DrainWatch drain = bench.drain(Duration.ofSeconds(5));
        refuseFor(bench, Duration.ofSeconds(6), Form.BEFORE);

        assertThat(client.take()).singleElement().satisfies(line -> assertThat(code(line)).isEqualTo(-32016));
        assertThat(drain.isComplete()).isTrue();
        assertThat(bench.time.now(TimeUnit.SECONDS)).isLessThan(10);
    }
}
