package dev.mpx.proxy.shim;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/**
 * The two shims of the packaged program. {@code docs/shim.md} binds both alike, so one suite judges both. Where no native
 * program was built, tests of that one are skipped.
 */
public enum ShimProgram {
    NATIVE(Map.of()),
    JAVA(Map.of("MPX_SHIM", "java"));

    /** The packaged program, whichever shim it is then told to be. */
    public static final Path LAUNCHER = Path.of(System.getProperty("mpx.dist", "target/dist")).toAbsolutePath().resolve("bin/mpx");

    private static final String NOT_BUILT = "mpx was built without a C compiler";

    private final Map<String, String> variables;

    ShimProgram(Map<String, String> variables) {
        this.variables = variables;
    }

    /** The variables that make {@link #LAUNCHER} be this one. */
    public Map<String, String> variables() {
        return variables;
    }

    /** Skips the test that calls it where this one was not built. */
    public void assumePresent() {
        present(this == JAVA || isNative());
    }

    /** Where it is required, as by {@code .ci/run}, what is missing is a failure. */
    private static void present(boolean isThere) {
        if (!"required".equals(System.getProperty("mpx.native.program"))) {
            Assumptions.assumeTrue(isThere, NOT_BUILT);
        } else if (!isThere) {
            throw new AssertionError(NOT_BUILT);
        }
    }

    private static boolean isNative() {
        try (InputStream in = Files.newInputStream(LAUNCHER)) {
            return !new String(in.readNBytes(2), StandardCharsets.US_ASCII).equals("#!");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts it as an agent does: with next to no environment. */
    ShimProcess start(Path userHome, Map<String, String> more, List<String> command) throws IOException {
        return ShimProcess.start(builder(userHome, more, command));
    }

    /** For a home, with a server that is never started, as the daemon is a fake. */
    ShimProcess at(Path home, String... more) throws IOException {
        return start(home.getParent(), Map.of(), command(home, more));
    }

    static List<String> command(Path home, String... more) {
        List<String> command = new ArrayList<>(List.of(LAUNCHER.toString(), "--home", home.toString(), "--", "some-server"));
        command.addAll(List.of(more));
        return command;
    }

    /** A program that the native module's tests bring; skips the test that asks for it where there is none. */
    public static Path fixture(String name) {
        Path fixture = Path.of(System.getProperty("mpx.native", "../native/target"), "fixtures", name).toAbsolutePath();
        present(Files.isExecutable(fixture));
        return fixture;
    }

    ProcessBuilder builder(Path userHome, Map<String, String> more, List<String> command) {
        assumePresent();
        ProcessBuilder builder = new ProcessBuilder(command).directory(userHome.toFile());
        Map<String, String> environment = builder.environment();
        Map<String, String> stripped = new HashMap<>(variables);
        stripped.put("HOME", userHome.toString());
        stripped.put("PATH", Path.of(System.getProperty("java.home"), "bin") + ":/usr/local/bin:/usr/bin:/bin");
        if (environment.containsKey("JAVA_HOME")) {
            stripped.put("JAVA_HOME", environment.get("JAVA_HOME"));
        }
        environment.clear();
        environment.putAll(stripped);
        environment.putAll(more);
        return builder;
    }
}
