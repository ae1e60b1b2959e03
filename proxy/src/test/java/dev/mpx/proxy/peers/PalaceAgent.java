package dev.mpx.proxy.peers;

import dev.mpx.fixtures.client.JsonResponse;
import dev.mpx.fixtures.client.McpClient;
import dev.mpx.fixtures.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * An agent that writes facts and drawers, one call after the other, and reads each again. It keeps what it was told, to be
 * looked at when its thread has ended.
 */
final class PalaceAgent implements Runnable {
    private static final int NOT_TAKEN = -32015;
    /** A call waits so long for a job; a timer may be a tick early. */
    private static final Duration PATIENCE = Duration.ofMillis(9900);

    final List<String> facts = new ArrayList<>();
    final List<String> drawers = new ArrayList<>();
    /** Calls that were told, in time, that a job has the palace. */
    final List<String> lent = new ArrayList<>();
    /** Whatever else was no success. */
    final List<String> violations = new ArrayList<>();
    final List<Duration> waits = new ArrayList<>();
    private final String name;
    private final McpClient client;
    private final Supplier<Boolean> goesOn;
    private int number;

    PalaceAgent(String name, McpClient client, Supplier<Boolean> goesOn) {
        this.name = name;
        this.client = client;
        this.goesOn = goesOn;
    }

    @Override
    public void run() {
        try {
            while (goesOn.get()) {
                number++;
                writeFact(name + "-" + number);
                writeDrawer(name + "-" + number);
            }
        } catch (RuntimeException | AssertionError e) {
            violations.add(name + ": " + e);
        }
    }

    private void writeFact(String subject) {
        Json fact = Json.object("subject", subject, "predicate", "written_by", "object", name);
        if (call("mempalace_kg_add", fact)) {
            facts.add(subject);
            call("mempalace_kg_query", Json.object("entity", subject), name);
        }
    }

    private void writeDrawer(String word) {
        String content = "The drawer " + word + " holds what " + name + " wanted to keep of its work.";
        Json drawer = Json.object("wing", "agents", "room", name, "content", content);
        if (call("mempalace_add_drawer", drawer)) {
            drawers.add(content);
            call("mempalace_list_drawers", Json.object("wing", "agents", "room", name, "limit", 100), "drawers");
        }
    }

    /** @param expected what the answer must hold somewhere */
    private void call(String tool, Json arguments, String expected) {
        JsonResponse answer = answer(tool, arguments);
        if (isTaken(tool, answer) && !answer.text().contains(expected)) {
            violations.add(tool + arguments.raw() + ": " + answer);
        }
    }

    /** Whether the server says that it was written. */
    private boolean call(String tool, Json arguments) {
        JsonResponse answer = answer(tool, arguments);
        boolean done = isTaken(tool, answer) && answer.textAsJson().at("success").isTrue();
        if (!done && !answer.isError()) {
            violations.add(tool + arguments.raw() + ": " + answer);
        }
        return done;
    }

    private JsonResponse answer(String tool, Json arguments) {
        long start = System.nanoTime();
        JsonResponse answer = client.tool(tool, arguments.raw());
        waits.add(Duration.ofNanos(System.nanoTime() - start));
        return answer;
    }

    private boolean isTaken(String tool, JsonResponse answer) {
        if (!answer.isError()) {
            return true;
        }
        Duration took = waits.get(waits.size() - 1);
        boolean isLent = answer.errorCode().orElse(0) == NOT_TAKEN
                && answer.errorData("mpx", "reason").map(Json::text).filter("lent"::equals).isPresent();
        (isLent && took.compareTo(PATIENCE) >= 0 ? lent : violations).add(tool + " after " + took + ": " + answer);
        return false;
    }
}
