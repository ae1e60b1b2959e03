package dev.mpx.transports.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.transports.Exit;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a guard's exit says to people. The lines are those of native/README.md. */
class GuardedTest {
    private static final ProcessSpec SPEC = new ProcessSpec(
            List.of("/lib/mpx-native", "guard", "--parent", "3", "--lock", "/h/child.lock", "--lock", "/p/.mpx-writer.lock", "--", "server"),
            Path.of("/h"), Map.of(), true, home -> "Bearings of " + home + ".");

    private static String refusal(int status, String... lines) {
        Exit exit = Guarded.explain(new Exit(status), List.of(lines), SPEC);
        assertThat(exit.status()).isEqualTo(status);
        return exit.refusal().orElseThrow();
    }

    @Test
    void aLockHeldFromAnotherHomeIsToldWithThatHomeAndHowToEndIt() {
        String words = refusal(120, "mpx-guard: held /p/.mpx-writer.lock by pid 7 since 2026-01-02T03:04:05Z: /lib/mpx-native guard"
                + " --parent 9 --lock /other home/child.lock --lock /p/.mpx-writer.lock -- server");

        assertThat(words).isEqualTo("A daemon with another home, /other home, serves the same data: pid 7, running since"
                + " 2026-01-02T03:04:05Z, holds /p/.mpx-writer.lock. Your data is safe: mpx starts no second server beside it. Use one home for one palace, or end the"
                + " other daemon. Bearings of /other home.");
    }

    @ParameterizedTest
    @CsvSource({
        "/h/child.lock, python3 server.py",
        "/p/.mpx-writer.lock, /lib/mpx-native guard --parent 9 --lock /h/child.lock --lock /p/.mpx-writer.lock -- server"
    })
    void whatIsLeftOfThisHomeIsNotTakenForAnotherOnes(String file, String command) {
        String words = refusal(120, "mpx-guard: held " + file + " by pid 7 since 2026-01-02T03:04:05Z: " + command);

        assertThat(words)
                .startsWith("An earlier server of this home has not ended yet: pid 7 (" + command + "), running since 2026-01-02T03:04:05Z, holds "
                        + file + ". Your data is safe")
                .endsWith("ends by itself within 15 s; if it stays longer, end it: kill 7.");
    }

    @Test
    void aDaemonWithoutAGuardIsToldByItsHomeToo() {
        assertThat(refusal(120, "mpx-guard: held /p/.mpx-writer.lock by pid 7 since 2026-01-02T03:04:05Z: java -cp x dev.mpx.proxy.cli.Mpx"
                        + " serve --home /o --palace-dir /p -- server"))
                .contains("another home, /o, serves").endsWith("Bearings of /o.");
    }

    @Test
    void aLockThatIsLentToAJobIsNoRefusalButABorrowerByItsCommand() {
        Exit exit = Guarded.explain(new Exit(122), List.of("mpx-guard: lent /h/child.lock to pid 7 since 2026-01-02T03:04:05Z: /lib/mpx guard --job 3"
                + " --stay --limit-ms 5 --lock /h/child.lock -- mempalace mine /src"), SPEC);

        assertThat(exit.refusal()).isEmpty();
        assertThat(exit.borrower()).hasValue("mempalace mine /src (pid 7), since 2026-01-02T03:04:05Z");
    }

    @Test
    void aBorrowerOutOfSightIsOneAllTheSame() {
        assertThat(Guarded.explain(new Exit(122), List.of("mpx-guard: lent /h/child.lock to a process that can't be seen from here"), SPEC).borrower())
                .hasValue("a process that can't be seen from here");
    }

    @Test
    void aHolderOutOfSightIsSaidToBeThat() {
        assertThat(refusal(120, "mpx-guard: held /p/.mpx-writer.lock by a process that can't be seen from here (of another user, container"
                        + " or machine)"))
                .startsWith("Something else uses the same data: a process that can't be seen from here (of another user, container or machine)"
                        + " holds /p/.mpx-writer.lock. Your data is safe");
    }

    @Test
    void whatHangsInTheKernelIsNamedWithWhatItWaitsOn() {
        assertThat(refusal(121, "mpx-guard: wedged pid 7 (D, rpc_wait, python3)"))
                .contains("even by SIGKILL: pid 7 (python3), which waits on rpc_wait in the kernel (state D)", "Your data is safe",
                        "restart the machine");
    }

    @Test
    void theLatestOfAGuardsComplaintsCounts() {
        assertThat(Wedged.latest(List.of("mpx-guard: wedged pid 7 (D, rpc_wait, python3)", "noise", "mpx-guard: wedged pid 8 (R, ?, a (b) c)",
                        "mpx-guard: wedged")))
                .contains("pid 8 (a (b) c), in state R");
        assertThat(Wedged.latest(List.of("wedged pid 7 (D, rpc_wait, python3)"))).isEmpty();
    }

    @Test
    void aLockThatCannotBeTakenIsToldWithWhatItIsFor() {
        assertThat(refusal(125, "before", "mpx-guard: cannot lock /h/child.lock: No space left on device"))
                .startsWith("mpx can't lock /h/child.lock: No space left on device. Without that lock two servers could write at once")
                .contains("your data is safe", "disk's space");
    }

    @Test
    void whatElseTheGuardCannotDoIsPassedOn() {
        assertThat(refusal(127, "mpx-guard: cannot run server: No such file or directory"))
                .startsWith("server can't be run: No such file or directory. Correct");
        assertThat(refusal(125, "mpx-guard: cannot watch: Too many open files")).contains("cannot watch: Too many open files", "is safe");
    }

    @ParameterizedTest
    @CsvSource({
        "120, a server's own last words",
        "1, mpx-guard: held /p/.mpx-writer.lock by pid 7 since x: y",
        "127, 'sh: 1: server: not found'"
    })
    void aServersOwnStatusIsNotTakenForTheGuards(int status, String line) {
        assertThat(Guarded.explain(new Exit(status), List.of(line), SPEC)).isEqualTo(new Exit(status));
    }
}
