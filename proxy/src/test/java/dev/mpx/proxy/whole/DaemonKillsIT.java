package dev.mpx.proxy.whole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.fixtures.client.McpClient;
import dev.mpx.proxy.Alone;
import dev.mpx.proxy.shim.ShimProgram;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The daemon is killed again and again under load, as often as {@code mpx.kills} says. A session that has lost many in a row
 * is slow to come back, by its backoff, so most daemons are found or started by newcomers; those that stay meet the kills in
 * whatever state they are in by then.
 */
@Timeout(420)
@ParameterizedClass
@EnumSource(ShimProgram.class)
@Alone
class DaemonKillsIT {
    private static final int STAYING = 3;

    @Parameter
    ShimProgram program;

    @RegisterExtension
    final UserHome user = new UserHome();

    private ServerStarts server;

    @BeforeEach
    void server() {
        user.use(program);
        server = ServerStarts.in(user.directory());
    }

    private int kills() {
        return Integer.getInteger("mpx.kills", program == ShimProgram.NATIVE ? 100 : 20);
    }

    private McpClient agent() {
        McpClient agent = user.agent(server.command()).open();
        assertThat(agent.initialize().isError()).isFalse();
        return agent;
    }

    @Test
    void everyRequestOfEverySessionIsAnsweredOnce() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(STAYING);
        List<Load> all = new ArrayList<>();
        long start = System.nanoTime();
        try {
            List<Future<?>> staying = new ArrayList<>();
            for (int i = 0; i < STAYING; i++) {
                Load load = new Load(agent());
                all.add(load);
                staying.add(threads.submit(() -> {
                    load.runUntil(over::get);
                    load.takeAll();
                    return null;
                }));
            }
            for (int i = 0; i < kills(); i++) {
                Load newcomer = new Load(agent());
                all.add(newcomer);
                newcomer.runUntil(() -> true);
                newcomer.fill();
                user.daemon().kill();
                newcomer.runUntil(() -> true);
                newcomer.takeAll();
                newcomer.sawNothingUnasked();
                newcomer.close();
                assertThat(newcomer.lost()).as("kill %d: calls that were lost", i).isPositive();
            }
            over.set(true);
            for (Future<?> each : staying) {
                each.get();
            }
            for (Load load : all.subList(0, STAYING)) {
                load.sawNothingUnasked();
            }
        } finally {
            over.set(true);
            all.forEach(Load::close);
            threads.shutdownNow();
        }
        System.out.printf("[figure] %d daemon kills under load, %s shim: %.0f s; %d calls answered rightly, %d lost and said so; of these the"
                        + " %d sessions that stayed through all of them: %d and %d%n", kills(), program, (System.nanoTime() - start) / 1e9,
                all.stream().mapToInt(Load::rightly).sum(), all.stream().mapToInt(Load::lost).sum(), STAYING,
                all.subList(0, STAYING).stream().mapToInt(Load::rightly).sum(), all.subList(0, STAYING).stream().mapToInt(Load::lost).sum());
        assertThat(user.daemons()).hasSize(1);
        assertThat(server.pids()).hasSize(kills() + 1);
    }
}
