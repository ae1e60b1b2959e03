package dev.mpx.proxy.whole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.fixtures.client.JsonResponse;
import dev.mpx.fixtures.client.McpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/** An agent that always has several calls open. Every call has to be answered: rightly, or as one that was lost. */
final class Load implements AutoCloseable {
    private static final int IN_FLIGHT = 8;

    private final McpClient agent;
    private final List<CompletableFuture<JsonResponse>> open = new ArrayList<>();
    private int rightly;
    private int lost;

    Load(McpClient agent) {
        this.agent = agent;
    }

    void fill() {
        while (open.size() < IN_FLIGHT) {
            open.add(agent.callTool("sleep", "{\"ms\":" + open.size() * 3 + "}"));
        }
    }

    void runUntil(Callable<Boolean> done) throws Exception {
        int before = rightly;
        while (!done.call() || rightly < before + 20) {
            fill();
            take(agent.await(open.remove(0)));
        }
    }

    void takeAll() {
        while (!open.isEmpty()) {
            take(agent.await(open.remove(0)));
        }
    }

    private void take(JsonResponse answer) {
        if (answer.isError()) {
            assertThat(answer.errorCode().orElseThrow()).as(answer.toString()).isIn(-32011, -32016);
            assertThat(answer.errorData("mpx", "outcome").orElseThrow().text()).isIn("unknown", "not-sent");
            lost++;
        } else {
            assertThat(answer.text()).isEqualTo("slept");
            rightly++;
        }
    }

    @Override
    public void close() {
        agent.close();
    }

    /** How many calls were answered rightly so far. */
    int rightly() {
        return rightly;
    }

    /** How many went with a daemon so far. */
    int lost() {
        return lost;
    }

    /** An answer that no request is open for is kept by the client as a message nobody waited for. */
    void sawNothingUnasked() {
        assertThat(agent.nextLine(Duration.ofMillis(100))).isEmpty();
    }
}
