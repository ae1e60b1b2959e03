package dev.mpx.proxy.shim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.framing.JsonValue;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Daemons die at any byte of lines of any size. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ParameterizedClass
@EnumSource(ShimProgram.class)
class AnyMomentIT {
    private static final int SESSIONS = 6;
    private static final int LIVES = 9;
    private static final int REQUESTS = 250;
    private static final int LONGEST_WHOLE_LINE = 1 << 20;

    @Parameter
    ShimProgram program;

    @TempDir
    Path directory;

    @Test
    void everyRequestIsAnsweredOnceAndNoPieceOfALineIsPrinted() throws Exception {
        program.assumePresent();
        ExecutorService threads = Executors.newFixedThreadPool(SESSIONS);
        try {
            List<Future<?>> sessions = new ArrayList<>();
            for (long seed = 1; seed <= SESSIONS; seed++) {
                long its = seed;
                sessions.add(threads.submit(() -> {
                    session(its);
                    return null;
                }));
            }
            for (Future<?> session : sessions) {
                session.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private void session(long seed) throws Exception {
        Path socket = directory.toRealPath().resolve(Long.toString(seed)).resolve("s");
        Random random = new Random(-seed);
        try (MortalDaemon daemon = MortalDaemon.at(socket, LIVES, seed);
                ShimProcess shim = program.start(directory, Map.of("MEMPALACE_BROKER", "unix:" + socket),
                        ShimProgram.command(socket.resolveSibling("h")))) {
            Thread speaker = new Thread(() -> {
                try {
                    shim.say("{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{}}");
                    shim.say("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
                    for (int id = 1; id < REQUESTS; id++) {
                        shim.say("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"m\",\"params\":[\"" + "p".repeat(MortalDaemon.anySize(random)) + "\"]}");
                    }
                } catch (java.io.IOException over) {
                    // The test is.
                }
            });
            speaker.setDaemon(true);
            speaker.start();
            Set<Integer> answered = new HashSet<>();
            while (answered.size() < REQUESTS) {
                String line = shim.hear();
                assertThat(line).as("seed %d, after %s", seed, answered.size()).isNotNull();
                JsonValue.parse(line.getBytes(StandardCharsets.UTF_8)).ifPresentOrElse(answer -> {
                    int id = (int) answer.get("id").orElseThrow().integer().orElseThrow().longValue();
                    assertThat(answered.add(id)).as("seed %d: another answer to %d", seed, id).isTrue();
                    isRight(answer);
                }, () -> assertThat(line.length()).as("seed %d: a line that was ended, as it can't be taken back: %.80s", seed, line)
                        .isGreaterThanOrEqualTo(LONGEST_WHOLE_LINE - 1));
            }
            shim.endInput();
            assertThat(shim.hear()).as("seed %d: a line too many", seed).isNull();
            assertThat(shim.exitStatus()).isZero();
            assertThat(shim.errors()).isEmpty();
            assertThat(daemon.deaths()).isBetween(LIVES / 2, LIVES);
        }
    }

    private static void isRight(JsonValue answer) {
        if (answer.get("error").isPresent()) {
            assertThat(answer.at("error", "code").orElseThrow().integer().orElseThrow()).isIn(-32011L, -32016L);
        } else {
            assertThat(answer.at("result", "words").orElseThrow().text().orElseThrow())
                    .hasSize((int) answer.at("result", "length").orElseThrow().integer().orElseThrow().longValue());
        }
    }
}
