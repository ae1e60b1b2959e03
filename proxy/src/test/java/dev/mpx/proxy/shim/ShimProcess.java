package dev.mpx.proxy.shim;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A shim that runs, as its agent sees it. */
final class ShimProcess implements Closeable {
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

    static ShimProcess start(ProcessBuilder builder) throws IOException {
        Path errors = Files.createTempFile("mpx-shim", ".err");
        return new ShimProcess(builder.redirectError(errors.toFile()).start(), errors);
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
    /** All lines to the end of its output. */
    List<String> hearAll() {
        return out.lines().toList();
    }

    String hear() throws IOException {
        return out.readLine();
    }

    /** Whether {@link #hear} would not wait; every line comes as a whole. */
    boolean hasSaidSomething() throws IOException {
        return out.ready();
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
        // Where the shim is a child of what was started, it must not live on to start a daemon when the fake one is gone.
        Stream<ProcessHandle> below = process.descendants();
        below.forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        Files.deleteIfExists(errors);
    }
}
