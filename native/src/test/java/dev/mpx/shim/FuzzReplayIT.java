package dev.mpx.shim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the fuzzer found worth keeping, and random changes of it, under the sanitizers: {@code make fuzz-replay}. */
class FuzzReplayIT {
    private static final String ROUNDS = "20000";

    @Test
    @Timeout(240)
    void nothingThatIsReadIsReadAmissAndNoMemoryIsMisused() throws Exception {
        Path program = Path.of(System.getProperty("mpx.program"));
        assumeTrue(Files.isExecutable(program), "there is no native program, since there was no C compiler when this was built");
        ProcessBuilder builder = new ProcessBuilder("make", "--no-print-directory", "OUT=target", "fuzz-replay").redirectErrorStream(true);
        builder.environment().put("FUZZ_ROUNDS", ROUNDS);
        Process make = builder.start();
        make.getOutputStream().close();
        String said = new String(make.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(make.waitFor()).as(said).isZero();
        assertThat(said).contains("changes of them");
    }
}
