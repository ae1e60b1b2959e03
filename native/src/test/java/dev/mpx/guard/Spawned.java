package dev.mpx.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A process that was started for a test, with what it says; and, where it told of them, the processes of its tree. What
 * of all that lives at the end of the test is killed.
 */
final class Spawned implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 40;

    private final Process process;
    private final Path stderr;
    private final BlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>();
    private final Map<String, ProcessHandle> members = new LinkedHashMap<>();
    private final List<String> breaches = new ArrayList<>();

    private Spawned(Process process, Path stderr) {
        this.process = process;
        this.stderr = stderr;
        Thread reader = new Thread(this::read, "stdout of " + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    static Spawned start(String... command) throws IOException {
        return start(Map.of(), command);
    }

    static Spawned start(Map<String, String> environment, String... command) throws IOException {
        Path stderr = Files.createTempFile("mpx-guard-it", ".stderr");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(stderr.toFile());
        builder.environment().putAll(environment);
        return new Spawned(builder.start(), stderr);
    }

    private void read() {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(Optional.of(line));
            }
        } catch (IOException closed) {
            // the same as its end
        }
        lines.add(Optional.empty());
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** The next line on stdout; empty at its end. */
    Optional<String> line() throws InterruptedException {
        Optional<String> line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(line).as("a line on stdout in time; stderr: %s", stderr()).isNotNull();
        return line;
    }

    /** Reads on until the fixture says that its tree stands. */
    Spawned awaitReady() throws InterruptedException {
        Optional<String> line = line();
        while (line.isPresent() && !line.get().equals("ready")) {
            note(line.get());
            line = line();
        }
        assertThat(line).as("ready; stderr: %s", stderr()).isPresent();
        return this;
    }

    private void note(String line) {
        String[] words = line.split(" ");
        if (words[0].equals("breach")) {
            breaches.add(line);
        } else {
            ProcessHandle.of(Long.parseLong(words[1])).ifPresent(handle -> members.put(words[0], handle));
        }
    }

    /** The pid of who called itself so. */
    long member(String role) {
        return members.get(role).pid();
    }

    /** Who is alive of the tree, by role. */
    List<String> living() {
        return members.entrySet().stream()
                .filter(member -> Pids.isLiving(member.getValue().pid()))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Processes of an earlier tree that were alive when this one started. */
    List<String> breaches() {
        return breaches;
    }

    void tell(String line) throws IOException {
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    void closeStdin() throws IOException {
        process.getOutputStream().close();
    }

    void signal(String name) throws IOException, InterruptedException {
        Pids.signal(pid(), name);
    }

    /** Its exit status. */
    int await() throws InterruptedException {
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .as("%s ends in time; living: %s; stderr: %s", process.info().commandLine(), living(), stderr())
                .isTrue();
        return process.exitValue();
    }

    String stderr() {
        try {
            return Files.readString(stderr);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        Stream.concat(members.values().stream(), Stream.of(process.toHandle())).forEach(ProcessHandle::destroyForcibly);
        Files.deleteIfExists(stderr);
    }

    /** {@code first} and then {@code rest}. */
    static String[] joined(List<String> first, String... rest) {
        return Stream.concat(first.stream(), Arrays.stream(rest)).toArray(String[]::new);
    }
}
