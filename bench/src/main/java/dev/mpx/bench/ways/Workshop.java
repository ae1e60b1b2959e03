package dev.mpx.bench.ways;

import dev.mpx.bench.BrokenBenchmark;
import dev.mpx.bench.drive.Driver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** Where everything is, and a directory for what comes and goes. Paths of sockets are short, so it is below {@code /tmp}. */
public final class Workshop implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 30;

    private final Path project;
    private final Path scratch;
    private final Set<Stand> open = ConcurrentHashMap.newKeySet();
    private volatile boolean ending;
    private int directories;

    public Workshop(Path project) {
        this.project = project;
        try {
            this.scratch = Files.createTempDirectory(Path.of("/tmp"), "mpxb").toRealPath();
        } catch (IOException e) {
            throw new BrokenBenchmark("no directory for the benchmark", e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(this::abandon));
    }

    /** The suite ends, as it should or by a signal. */
    private void abandon() {
        ending = true;
        String driver = driver().program().toString();
        ProcessHandle.current().children().filter(child -> child.info().command().filter(driver::equals).isPresent())
                .forEach(ProcessHandle::destroy);
        open.forEach(Workshop::closeIfUp);
        if (Files.exists(scratch)) {
            close();
        }
    }

    private static void closeIfUp(Stand stand) {
        try {
            stand.close();
        } catch (BrokenBenchmark e) {
            // its daemon is not there, or does not end: nobody is left who could be told
        }
    }

    /** Goes no further once the suite is being ended: what fails then says nothing. */
    public void proceed() {
        while (ending) {
            LockSupport.park();
        }
    }

    /** From now on until it is closed, it is taken down if the suite is ended. */
    <S extends Stand> S watch(S stand) {
        open.add(stand);
        return stand;
    }

    void forget(Stand stand) {
        open.remove(stand);
    }

    /** The checkout. */
    public Path project() {
        return project;
    }

    /** The trivial server. */
    public Path child() {
        return project.resolve("bench/native/target/child");
    }

    public Driver driver() {
        return new Driver(project.resolve("bench/native/target/driver"), scratch.resolve("driver.log"));
    }

    /** Where {@code bench/peers/install} has put a peer. */
    public Path peer(String path) {
        return project.resolve("bench/.peers").resolve(path);
    }

    /** A new directory of that kind. */
    public Path directory(String kind) {
        try {
            return Files.createDirectory(scratch.resolve(kind + directories++));
        } catch (IOException e) {
            throw new BrokenBenchmark("no directory for " + kind, e);
        }
    }

    /** As agents have it: stripped, and with nothing of this user's in it. */
    public Map<String, String> environment(Path home) {
        return Map.of("HOME", home.toString(), "TMPDIR", home.toString(), "PATH", System.getenv("PATH"),
                "JAVA_HOME", System.getProperty("java.home"), "LC_ALL", "C.UTF-8");
    }

    /** Starts a process that stays; what it prints goes to a file in its home. */
    Process start(Path home, List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(home.toFile())
                .redirectErrorStream(true).redirectOutput(home.resolve("output").toFile());
        builder.environment().clear();
        builder.environment().putAll(environment(home));
        try {
            return builder.start();
        } catch (IOException e) {
            throw new BrokenBenchmark(command.get(0) + " can't be started", e);
        }
    }

    /** Runs a command to its end, which must be a good one. */
    void run(Path home, List<String> command) {
        await(start(home, command), command, home);
    }

    private static void await(Process process, List<String> command, Path home) {
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new BrokenBenchmark(command + " does not end");
            }
            if (process.exitValue() != 0) {
                throw new BrokenBenchmark(command + " failed: " + Files.readString(home.resolve("output")).strip());
            }
        } catch (IOException e) {
            throw new BrokenBenchmark(command + " failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BrokenBenchmark("interrupted", e);
        }
    }

    static void awaitThat(String what, BooleanSupplier condition) {
        for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS); !condition.getAsBoolean(); pause()) {
            if (System.nanoTime() > end) {
                throw new BrokenBenchmark(what + " in vain");
            }
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(5);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BrokenBenchmark("interrupted", e);
        }
    }

    /** Ends a process and all that descends from it. */
    static void end(Process process) {
        List<ProcessHandle> below = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(2, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        below.forEach(ProcessHandle::destroyForcibly);
    }

    /** A port of this machine's loopback that was free a moment ago. */
    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new BrokenBenchmark("no port", e);
        }
    }

    @Override
    public void close() {
        try (Stream<Path> all = Files.walk(scratch)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            System.err.println("bench: " + scratch + " is left behind: " + e);
        }
    }
}
