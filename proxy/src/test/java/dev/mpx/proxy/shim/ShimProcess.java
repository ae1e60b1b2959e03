package dev.mpx.proxy.shim;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The packaged launcher, started as an agent does: three pipes and next to no environment. */
final class ShimProcess implements Closeable {
    static final Path LAUNCHER = Path.of(System.getProperty("mpx.dist", "target/dist")).toAbsolutePath().resolve("bin/mpx");

    final Process process;
    private final OutputStream in;
    private final BufferedReader out;
    private final Path errors;

    private ShimProcess(Process process, Path errors) {
        this.process = process;
        this.errors = errors;
        in = process.getOutputStream();
        out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8), 1 << 16);
    }

    static ShimProcess start(Path userHome, Map<String, String> more, List<String> command) throws IOException {
        Path errors = Files.createTempFile("mpx-shim", ".err");
        ProcessBuilder builder = new ProcessBuilder(command).directory(userHome.toFile()).redirectError(errors.toFile());
        Map<String, String> environment = builder.environment();
        String java = environment.get("JAVA_HOME");
        environment.clear();
        environment.put("HOME", userHome.toString());
        environment.put("PATH", Path.of(System.getProperty("java.home"), "bin") + ":/usr/local/bin:/usr/bin:/bin");
        if (java != null) {
            environment.put("JAVA_HOME", java);
        }
        environment.putAll(more);
        return new ShimProcess(builder.start(), errors);
    }

    /** For a home, with a server that is never started, as the daemon is a fake. */
    static ShimProcess at(Path home, String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of(LAUNCHER.toString(), "--home", home.toString(), "--", "some-server"));
        command.addAll(List.of(more));
        return start(home.getParent(), Map.of(), command);
    }

    void say(String line) throws IOException {
        in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        in.flush();
    }

    void write(byte[] bytes) throws IOException {
        in.write(bytes);
        in.flush();
    }

    /** The next line on standard output, or null at its end. */
    String hear() throws IOException {
        return out.readLine();
    }

    void endInput() throws IOException {
        in.close();
    }

    int exitStatus() throws InterruptedException {
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            throw new AssertionError("the shim does not end");
        }
        return process.exitValue();
    }

    String errors() throws IOException {
        return Files.readString(errors);
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        Files.deleteIfExists(errors);
    }
}
