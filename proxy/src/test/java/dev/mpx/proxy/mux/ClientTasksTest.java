package dev.mpx.proxy.mux;

import static dev.mpx.proxy.mux.Rpc.at;
import static dev.mpx.proxy.mux.Rpc.call;
import static dev.mpx.proxy.mux.Rpc.code;
import static dev.mpx.proxy.mux.Rpc.id;
import static dev.mpx.proxy.mux.Rpc.notification;
import static dev.mpx.proxy.mux.Rpc.request;
import static dev.mpx.proxy.mux.Rpc.result;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.framing.Message;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PROTOCOL.md: {@code tasks/*} from the child about tasks that clients host. */
class ClientTasksTest {
    private final Bench bench = new Bench();
    private final FakeLink alice = bench.client();
    private final FakeLink bob = bench.client();

    /** The client starts a task "t" for the child; the id the child knows it by. */
    private String hosted(FakeLink client) {
        client.type(call(1, "x"));
        Message.Request call = bench.child().next();
        bench.child().type(request(5, "sampling/createMessage", "{\"task\":{}}"));
        bench.child().take();
        client.type(result(id(client.take().get(0)), "{\"task\":{\"status\":\"working\",\"taskId\": \"t\",\"n\":1.10}}"));
        String answer = bench.child().take().get(0);
        String taskId = at(answer, "result", "task", "taskId");
        assertThat(answer).isEqualTo(result(5, "{\"task\":{\"status\":\"working\",\"taskId\": " + taskId + ",\"n\":1.10}}"));
        bench.child().answer(call, "{}");
        client.take();
        return taskId;
    }

    @Test
    void equalIdsOfTwoClientsAreTwoForTheChild() {
        assertThat(hosted(alice)).isNotEqualTo(hosted(bob));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tasks/get", "tasks/result", "tasks/cancel"})
    void aQuestionAboutATaskGoesToItsHostWithTheHostsIdAndBack(String method) {
        hosted(alice);
        String bobs = hosted(bob);

        bench.child().type(request(6, method, "{\"taskId\":" + bobs + ",\"n\":1.10}"));

        String asked = bob.take().get(0);
        assertThat(asked).isEqualTo(request(id(asked), method, "{\"taskId\":\"t\",\"n\":1.10}"));
        assertThat(alice.take()).isEmpty();
        bob.type(result(id(asked), "{\"taskId\":\"t\",\"_meta\":{\"io.modelcontextprotocol/related-task\":{\"taskId\":\"t\"}}}"));
        assertThat(bench.child().take()).containsExactly(result(
                6, "{\"taskId\":" + bobs + ",\"_meta\":{\"io.modelcontextprotocol/related-task\":{\"taskId\":" + bobs + "}}}"));
    }

    @Test
    void aQuestionAndAnAnswerOfAnySizePass() {
        String alices = hosted(alice);
        String much = "x".repeat(100_000);

        bench.child().type(request(6, "tasks/result", "{\"x\":\"" + much + "\",\"taskId\":" + alices + "}"));
        String asked = alice.take().get(0);
        assertThat(asked).isEqualTo(request(id(asked), "tasks/result", "{\"x\":\"" + much + "\",\"taskId\":\"t\"}"));
        alice.type(result(id(asked), "{\"y\":\"" + much + "\",\"taskId\":\"t\"}"));

        assertThat(bench.child().take()).containsExactly(result(6, "{\"y\":\"" + much + "\",\"taskId\":" + alices + "}"));
    }

    @Test
    void aTaskNoClientHostsIsRefused() {
        hosted(alice);
        bench.child().type(request(6, "tasks/get", "{\"taskId\":\"t\"}"));
        bench.child().type(request(7, "tasks/get", "{}"));

        assertThat(bench.child().take()).hasSize(2).allSatisfy(line -> assertThat(code(line)).isEqualTo(-32602));
        assertThat(alice.take()).isEmpty();
    }

    @Test
    void theHostsStatusReachesTheChildUnderTheIdItKnows() {
        String alices = hosted(alice);

        alice.type(notification("notifications/tasks/status", "{\"taskId\":\"t\",\"status\":\"completed\"}"));

        assertThat(bench.child().take())
                .containsExactly(notification("notifications/tasks/status", "{\"taskId\":" + alices + ",\"status\":\"completed\"}"));
    }

    @Test
    void aStatusOfATaskTheChildDoesNotKnowIsDropped() {
        hosted(alice);

        bob.type(notification("notifications/tasks/status", "{\"taskId\":\"t\",\"status\":\"completed\"}"));
        alice.type(notification("notifications/tasks/status", "{\"taskId\":\"u\",\"status\":\"completed\"}"));

        assertThat(bench.child().take()).isEmpty();
    }

    @Test
    void theTasksOfADepartedHostAreUnknown() {
        String alices = hosted(alice);
        alice.vanish();

        bench.child().type(request(6, "tasks/get", "{\"taskId\":" + alices + "}"));

        assertThat(bench.child().take()).singleElement().satisfies(line -> assertThat(code(line)).isEqualTo(-32602));
    }
}
