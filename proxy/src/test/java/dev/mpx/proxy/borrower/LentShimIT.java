package dev.mpx.proxy.borrower;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.proxy.shim.ShimProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A shim that is part of a job is the server itself. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LentShimIT {
    @TempDir
    Path directory;

    private Job shim(ShimProgram program, Path home, Path lent) throws IOException {
        program.assumePresent();
        Path user = directory.toRealPath();
        Path server = Files.writeString(user.resolve("server"), "#!/bin/sh\nread line; echo \"server says $1 to $line for $MPX_LENT\"; exit 4\n");
        assertThat(server.toFile().setExecutable(true)).isTrue();
        Map<String, String> variables = new HashMap<>(program.variables());
        variables.put("MPX_LENT", lent.toString());
        variables.put("PATH", Path.of(System.getProperty("java.home"), "bin") + ":/usr/bin:/bin");
        return Job.start(user, variables, Job.mpx("--home", home.toString(), "--", server.toString(), "hi"));
    }

    @ParameterizedTest
    @EnumSource(ShimProgram.class)
    void theServerRunsInItsPlace(ShimProgram program) throws Exception {
        Path home = directory.toRealPath().resolve("h");
        try (Job shim = shim(program, home, home)) {
            shim.say("x\n");
            assertThat(shim.line()).isEqualTo("server says hi to x for " + home);
            assertThat(shim.status()).isEqualTo(4);
        }
    }

    @ParameterizedTest
    @EnumSource(ShimProgram.class)
    void oneOfAnotherHomeAsksItsDaemonAsEver(ShimProgram program) throws Exception {
        Path home = directory.toRealPath().resolve("h");
        try (LendingDaemon daemon = LendingDaemon.in(home); Job shim = shim(program, home, home.resolveSibling("i"))) {
            assertThat(daemon.hellos.take().toString()).contains("mpx-hello");
            shim.endInput();
            assertThat(List.of(0, 1)).contains(shim.status());
        }
    }
}
