package dev.mpx.proxy.mux;

import static dev.mpx.proxy.mux.Rpc.call;
import static dev.mpx.proxy.mux.Rpc.code;
import static dev.mpx.proxy.mux.Rpc.notification;
import static dev.mpx.proxy.mux.Rpc.request;
import static dev.mpx.proxy.mux.Rpc.result;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.framing.Message;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PROTOCOL.md: {@code tasks/get}, {@code result}, {@code cancel}, {@code list} and {@code notifications/tasks/status}. */
class ServerTasksTest {
    private final Bench bench = new Bench();
    private final FakeLink alice = bench.client();
    private final FakeLink bob = bench.client();

    private void startTask(FakeLink client, String taskId) {
        client.type(request("\"t\"", "tools/call", "{\"task\":{\"ttl\":1},\"name\":\"x\"}"));
        bench.child().answerNext("{\"task\":{\"taskId\":\"" + taskId + "\",\"status\":\"working\"}}");
        client.take();
    }

    @BeforeEach
    void eachHasATask() {
        startTask(alice, "a1");
        startTask(bob, "b1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tasks/get", "tasks/result", "tasks/cancel"})
    void aTaskIsItsOwnersAlone(String method) {
        bob.type(request(1, method, "{\"taskId\":\"a1\"}"));
        bob.type(request(2, method, "{\"taskId\":\"unknown\"}"));
        bob.type(request(3, method, "{}"));
        assertThat(bob.take()).hasSize(3).allSatisfy(line -> assertThat(code(line)).isEqualTo(-32602));
        assertThat(bench.child().waiting()).isEmpty();

        alice.type(request(1, method, "{\"taskId\":\"a1\"}"));
        bench.child().answerNext("{\"taskId\":\"a1\",\"status\":\"working\"}");
        assertThat(alice.take()).containsExactly(result(1, "{\"taskId\":\"a1\",\"status\":\"working\"}"));
    }

    @Test
    void aListHoldsTheOwnersTasksOnlyAndKeepsEverythingElse() {
        startTask(alice, "a2");
        alice.type(request(1, "tasks/list", "{\"cursor\":\"x\"}"));
        Message.Request list = bench.child().next();
        assertThat(list.params().orElseThrow().toString()).isEqualTo("{\"cursor\":\"x\"}");

        bench.child().answer(list, "{\"a\":1.10,\"tasks\":[{\"taskId\":\"b1\"}, {\"taskId\":\"a1\" ,\"x\":1},{\"taskId\":\"z\"},"
                + "{\"taskId\":\"a2\"},{}],\"nextCursor\":\"y\"}");

        assertThat(alice.take()).containsExactly(result(
                1, "{\"a\":1.10,\"tasks\":[{\"taskId\":\"a1\" ,\"x\":1},{\"taskId\":\"a2\"}],\"nextCursor\":\"y\"}"));
    }

    @Test
    void aListOfAnySizeIsCutDown() {
        String own = "{\"taskId\":\"a1\",\"x\":\"" + "x".repeat(100_000) + "\"}";
        alice.type(request(1, "tasks/list", "{}"));
        bench.child().answerNext("{\"tasks\":[" + own.replace("a1", "b1") + "," + own + "],\"y\":\"" + "y".repeat(100_000) + "\"}");

        assertThat(alice.take()).containsExactly(result(1, "{\"tasks\":[" + own + "],\"y\":\"" + "y".repeat(100_000) + "\"}"));
    }

    @Test
    void aListWithNothingOfTheAskersIsEmpty() {
        FakeLink carol = bench.client();
        carol.type(request(1, "tasks/list", "{}"));
        bench.child().answerNext("{\"tasks\":[{\"taskId\":\"b1\"}],\"nextCursor\":\"y\"}");

        assertThat(carol.take()).containsExactly(result(1, "{\"tasks\":[],\"nextCursor\":\"y\"}"));
    }

    @Test
    void aStatusGoesToTheOwner() {
        String status = notification("notifications/tasks/status", "{\"taskId\":\"a1\",\"status\":\"working\",\"n\":1.10}");

        bench.child().type(status);

        assertThat(alice.take()).containsExactly(status);
        assertThat(bob.take()).isEmpty();
    }

    @Test
    void aStatusOfAnUnknownTaskIsDropped() {
        bench.child().type(notification("notifications/tasks/status", "{\"taskId\":\"z\",\"status\":\"working\"}"));
        bench.child().type(notification("notifications/tasks/status", "{}"));

        assertThat(alice.take()).isEmpty();
        assertThat(bob.take()).isEmpty();
        assertThat(bench.count(Counter.NOTIFICATIONS_DROPPED)).isEqualTo(2);
    }

    @Test
    void anAnswerToACallThatAskedForNoTaskStartsNone() {
        alice.type(call(1, "x"));
        bench.child().answerNext("{\"task\":{\"taskId\":\"fake\"}}");
        alice.take();
        alice.type(request(2, "tasks/get", "{\"taskId\":\"fake\"}"));

        assertThat(alice.take()).singleElement().satisfies(line -> assertThat(code(line)).isEqualTo(-32602));
    }

    @Test
    void aTaskDiesWithItsChild() {
        bench.child().exit(1);
        alice.type(request(1, "tasks/get", "{\"taskId\":\"a1\"}"));

        assertThat(alice.take()).singleElement().satisfies(line -> assertThat(code(line)).isEqualTo(-32602));
    }

    @Test
    void aQuestionThatWaitedWhileItsChildDiedIsNotPutToTheNextOneWhoseTaskOfThatNameIsAnothers() {
        Bench narrow = Bench.with().window(1).bench();
        FakeLink carol = narrow.client();
        carol.type(request("\"t\"", "tools/call", "{\"task\":{},\"name\":\"x\"}"));
        narrow.child().answerNext("{\"task\":{\"taskId\":\"1\",\"status\":\"working\"}}");
        carol.type(call(2, "slow"));
        carol.type(request(3, "tasks/result", "{\"taskId\":\"1\"}"));
        carol.take();

        narrow.child().exit(1);
        narrow.settle();

        assertThat(carol.take()).extracting(Rpc::code).containsExactlyInAnyOrder(-32011, -32602);
        assertThat(narrow.child().waiting()).isEmpty();
    }

    @Test
    void theTasksOfWhoeverLeavesGoOnButNobodyMayAskForThem() {
        bench.child().take();
        alice.vanish();

        assertThat(bench.child().take()).isEmpty();
        bob.type(request(1, "tasks/get", "{\"taskId\":\"a1\"}"));
        assertThat(bob.take()).singleElement().satisfies(line -> assertThat(code(line)).isEqualTo(-32602));
    }
}
