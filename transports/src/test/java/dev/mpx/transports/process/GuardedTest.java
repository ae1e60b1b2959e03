package dev.mpx.transports.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.transports.Exit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a guard's exit says to people. The lines are those of native/README.md. */
class GuardedTest {
    @Test
    void whoHoldsTheDataIsNamed() {
        Exit exit = Guarded.explain(new Exit(120), List.of(
                "mpx-guard: held /p/.mpx-writer.lock by pid 7 since 2026-01-02T03:04:05Z: mpx-native guard -- server"));

        assertThat(exit.status()).isEqualTo(120);
        assertThat(exit.refusal().orElseThrow())
                .startsWith("Something else uses the same data: it holds /p/.mpx-writer.lock by pid 7 since 2026-01-02T03:04:05Z");
    }

    @Test
    void whatHangsInTheKernelIsNamed() {
        Exit exit = Guarded.explain(new Exit(121), List.of("mpx-guard: wedged pid 7 (D, rpc_wait, python3)"));

        assertThat(exit.refusal().orElseThrow()).contains("even by SIGKILL").contains("pid 7 (D, rpc_wait, python3)");
    }

    @ParameterizedTest
    @CsvSource({
        "125, mpx-guard: cannot lock /h/child.lock: No space left on device",
        "127, mpx-guard: cannot run server: No such file or directory"
    })
    void whatTheGuardCannotDoIsPassedOn(int status, String line) {
        assertThat(Guarded.explain(new Exit(status), List.of("before", line)).refusal().orElseThrow())
                .isEqualTo(line.replace("mpx-guard: ", "mpx ") + ".");
    }

    @ParameterizedTest
    @CsvSource({
        "120, a server's own last words",
        "1, mpx-guard: held /p/.mpx-writer.lock by pid 7",
        "127, 'sh: 1: server: not found'"
    })
    void aServersOwnStatusIsNotTakenForTheGuards(int status, String line) {
        assertThat(Guarded.explain(new Exit(status), List.of(line))).isEqualTo(new Exit(status));
    }
}
