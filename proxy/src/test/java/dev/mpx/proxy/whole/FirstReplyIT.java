package dev.mpx.proxy.whole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.fixtures.server.ScriptedServer;
import dev.mpx.proxy.Alone;
import dev.mpx.proxy.shim.ShimProgram;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How soon an agent has its first answer where a daemon runs: measured by a C program, as a JVM is too slow a clock for it. */
@Timeout(120)
@Alone
class FirstReplyIT {
    private static final Duration LIMIT = Duration.ofMillis(2);
    private static final int ROUNDS = 40;
    /** The machine may be busy: the best median counts. */
    private static final int TRIES = 5;

    @RegisterExtension
    final UserHome user = new UserHome();

    // red when the shim sleeps 5 ms before it connects
    @Test
    void itIsThereWithinTwoMillisecondsOfExecOnTopOfTheDaemonsOwn() throws Exception {
        user.use(ShimProgram.NATIVE);
        List<String> server = ScriptedServer.command();
        user.ensure(server);
        List<String> command = new ArrayList<>(List.of(
                ShimProgram.fixture("first_reply").toString(),
                Integer.toString(ROUNDS),
                user.socketPath().toString(),
                UserHome.launcher().toString()));
        command.addAll(user.words(server));
        Duration best = Duration.ofDays(1);
        for (int i = 0; i < TRIES && best.compareTo(LIMIT) > 0; i++) {
            Run run = Run.of(command, user.environment(), user.directory());
            assertThat(run.status()).as(run.toString()).isZero();
            String[] micros = run.stdout().strip().split(" ");
            System.out.printf(Locale.ROOT, "[figure] first reply: %s µs over the daemon's socket, %s µs from exec of the shim, %s µs more%n",
                    (Object[]) micros);
            Duration median = Duration.ofNanos(1000 * Long.parseLong(micros[2]));
            best = median.compareTo(best) < 0 ? median : best;
        }
        assertThat(best).isLessThanOrEqualTo(LIMIT);
    }
}
