package dev.mpx.proxy.borrower;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.proxy.shim.ShimProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A shim that is part of a job is the server itself, and no other is: one table for both programs. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LentShimIT {
    @TempDir
    Path directory;

    private Path user;
    private Path home;

    @BeforeEach
    void prepare() throws IOException {
        user = directory.toRealPath();
        home = Files.createDirectories(user.resolve("h"));
        Files.createDirectories(user.resolve("i"));
        Files.createSymbolicLink(user.resolve("link"), home);
    }

    /** Where a shim of the home h is started, and for whom it is told to be. */
    private enum Place {
        IN_THE_JOB("exec $MPX guard --job 7 --stay --lock $PWD/h/child.lock -- $SHIM", "h"),
        BY_ANOTHER_NAME_OF_THE_LOCK("exec $MPX guard --lock $PWD/link/child.lock --job 7 --stay -- $SHIM", "h"),
        DEEP_IN_IT("$MPX guard --job 7 --stay --lock $PWD/i/child.lock --lock $PWD/h/child.lock -- /bin/sh -c '(: ; $SHIM); exit'", "h"),
        IN_A_JOB_OF_ANOTHER_IN_IT("exec $MPX guard --job 7 --stay --lock $PWD/h/child.lock -- "
                + "$MPX guard --job 3 --stay --lock $PWD/i/child.lock -- $SHIM", "i", "h"),
        LEFT_BY_WHAT_STARTED_IT("exec $MPX guard --job 7 --stay --lock $PWD/h/child.lock -- "
                + "/bin/sh -c 'exec 3<&0; (sleep 0.3; exec setsid $SHIM <&3) &'", "h"),

        IN_NO_JOB("exec $SHIM", "h"),
        NOT_TOLD_SO("exec $MPX guard --job 7 --stay --lock $PWD/h/child.lock -- $SHIM"),
        TOLD_OF_OTHERS("exec $MPX guard --job 7 --stay --lock $PWD/h/child.lock -- $SHIM", "hh", "i"),
        IN_A_JOB_OF_ANOTHER("exec $MPX guard --job 7 --stay --lock $PWD/i/child.lock -- $SHIM", "h"),
        BELOW_THE_GUARD_OF_A_SERVER("exec $MPX guard --lock $PWD/h/child.lock -- $SHIM", "h");

        private final String script;
        private final List<String> lent;

        Place(String script, String... lent) {
            this.script = script;
            this.lent = List.of(lent);
        }
    }

    private static Stream<Arguments> each(Set<Place> places) {
        return Stream.of(ShimProgram.values()).flatMap(program -> places.stream().map(place -> Arguments.of(program, place)));
    }

    static Stream<Arguments> within() {
        return each(EnumSet.range(Place.IN_THE_JOB, Place.LEFT_BY_WHAT_STARTED_IT));
    }

    static Stream<Arguments> without() {
        return each(EnumSet.range(Place.IN_NO_JOB, Place.BELOW_THE_GUARD_OF_A_SERVER));
    }

    private String lent(Place place) {
        return String.join(":", place.lent.stream().map(name -> user.resolve(name).toString()).toList());
    }

    private String script(String name, String text) throws IOException {
        Path script = Files.writeString(user.resolve(name), "#!/bin/sh\n" + text + "\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        return script.toString();
    }

    private Job shim(ShimProgram program, Place place) throws IOException {
        program.assumePresent();
        ShimProgram.NATIVE.assumePresent(); // there are no jobs without it
        String server = script("server", "read line; echo \"server says $1 to $line for $MPX_LENT\"; exit 4");
        Map<String, String> variables = new HashMap<>(program.variables());
        variables.put("MPX_LENT", lent(place));
        variables.put("MPX", ShimProgram.LAUNCHER.toString());
        variables.put("SHIM", script("shim", "exec $MPX --home " + home + " -- " + server + " hi"));
        variables.put("PATH", Path.of(System.getProperty("java.home"), "bin") + ":/usr/bin:/bin");
        return Job.start(user, variables, List.of("/bin/sh", "-c", place.script));
    }

    /** Red, deep in it, when only the parent is looked at; and left by what started it, when the guard does not adopt it. */
    @ParameterizedTest
    @MethodSource("within")
    void theServerRunsInItsPlace(ShimProgram program, Place place) throws Exception {
        try (Job shim = shim(program, place)) {
            shim.say("x\n");
            assertThat(shim.line()).isEqualTo("server says hi to x for " + lent(place));
            assertThat(shim.status()).isEqualTo(place == Place.LEFT_BY_WHAT_STARTED_IT ? 0 : 4);
        }
    }

    /** Red, in no job, when the variable is believed: a terminal that a job has left would write beside the daemon's server. */
    @ParameterizedTest
    @MethodSource("without")
    void anyOtherAsksItsDaemonAsEver(ShimProgram program, Place place) throws Exception {
        try (LendingDaemon daemon = LendingDaemon.in(home); Job shim = shim(program, place)) {
            assertThat(daemon.hellos.take().toString()).contains("mpx-hello");
            shim.endInput();
            assertThat(List.of(0, 1)).contains(shim.status());
        }
    }
}
