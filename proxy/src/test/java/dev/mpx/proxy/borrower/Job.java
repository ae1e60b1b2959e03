package dev.mpx.proxy.borrower;

import dev.mpx.proxy.shim.ShimProgram;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process of the packaged program as its caller sees it. What lives at the end of the test is killed, and all below it. */
final class Job implements Closeable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    final Process process;
    private final BufferedReader out;
    private final Path errors;

    private Job(Process process, Path errors) {
        this.process = process;
        this.errors = errors;
        out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** In that directory, which is its user's home too. */
    static Job start(Path directory, Map<String, String> variables, List<String> command) throws IOException {
        ShimProgram.NATIVE.assumePresent();
        Path errors = Files.createTempFile("mpx-job", ".err");
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile()).redirectError(errors.toFile());
        String java = System.getenv("JAVA_HOME");
        builder.environment().clear();
        builder.environment().putAll(with(Map.of("HOME", directory.toString(), "PATH", "/usr/local/bin:/usr/bin:/bin"), variables));
        if (java != null) {
            builder.environment().put("JAVA_HOME", java);
        }
        return new Job(builder.start(), errors);
    }

    private static Map<String, String> with(Map<String, String> some, Map<String, String> more) {
        Map<String, String> all = new HashMap<>(some);
        all.putAll(more);
        return all;
    }

    /** {@code mpx WORDS}. */
    static List<String> mpx(String... words) {
        List<String> command = new ArrayList<>(List.of(ShimProgram.LAUNCHER.toString()));
        command.addAll(List.of(words));
        return command;
    }

    void say(String text) throws IOException {
        process.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    void endInput() throws IOException {
        process.getOutputStream().close();
    }

    /** The next line on standard output; null at its end. */
    String line() throws IOException {
        return out.readLine();
    }

    /** All the rest of it. */
    List<String> lines() {
        return out.lines().toList();
    }

    int status() throws InterruptedException, IOException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("it does not end; stderr: " + errors());
        }
        return process.exitValue();
    }

    String errors() throws IOException {
        return Files.readString(errors);
    }

    void signal(String name) throws IOException, InterruptedException {
        signal(process.pid(), name);
    }

    /** To a process, or to a group by a number below zero. */
    static void signal(long pid, String name) throws IOException, InterruptedException {
        if (new ProcessBuilder("/bin/kill", "-s", name, "--", Long.toString(pid)).inheritIO().start().waitFor() != 0) {
            throw new IOException("kill failed");
        }
    }

    static boolean isLiving(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return "ZX".indexOf(stat.charAt(stat.lastIndexOf(')') + 2)) < 0;
        } catch (IOException gone) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        Files.deleteIfExists(errors);
    }
}
