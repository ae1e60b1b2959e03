package dev.mpx.proxy.peers;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where the packaged program, the drivers and the real peers lie, and what programs run them. */
final class Installation {

    private static final Path CHECKOUT = checkout();
    private static final Path PEERS = CHECKOUT.resolve(".real-peers");
    private static final Path SOURCES = CHECKOUT.resolve("test-fixtures/peers");

    private Installation() {}

    /** The launcher of the packaged program, as {@code package} leaves it. */
    static Path mpx() {
        return CHECKOUT.resolve("proxy/target/dist/bin/mpx");
    }

    static Path node() {
        return onPath("node").orElseThrow();
    }

    static Path driver(String name) {
        return SOURCES.resolve("drivers").resolve(name);
    }

    /** An entry point below the installed node modules. */
    static Path nodeModule(String path) {
        return PEERS.resolve("node/node_modules").resolve(path);
    }

    /** The directory with {@code mempalace-mcp} and its python. */
    static Path mempalace(String version) {
        return PEERS.resolve("mempalace-" + version).resolve("bin");
    }

    /** What cannot be found of all this, in words; an installation that is out of date counts. */
    static List<String> missing() {
        List<String> missing = new ArrayList<>();
        if (onPath("node").isEmpty()) {
            missing.add("no node on PATH");
        }
        Map.of(
                        "node/installed", "package-lock.json",
                        "mempalace-current/installed", "requirements-current.txt",
                        "mempalace-3.6.0/installed", "requirements-3.6.0.txt",
                        "mempalace-3.4.0/installed", "requirements-3.4.0.txt",
                        "mempalace-3.3.6/installed", "requirements-3.3.6.txt")
                .forEach((installed, wanted) -> {
                    if (!sameContent(PEERS.resolve(installed), SOURCES.resolve(wanted))) {
                        missing.add(".real-peers/" + installed + " is not what " + wanted + " asks for");
                    }
                });
        return missing;
    }

    /**
     * The stripped environment that agents give their servers: a home, a path, and the JDK if one is
     * named. Nothing of the machine's own settings comes along.
     *
     * @param first directories to search for programs before all others
     */
    static Map<String, String> environment(Path home, Path... first) {
        String search = Stream.concat(
                        Stream.of(first),
                        Stream.of(node().getParent(), Path.of(System.getProperty("java.home"), "bin"),
                                Path.of("/usr/bin"), Path.of("/bin")))
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
        Map<String, String> environment = new HashMap<>();
        environment.put("HOME", home.toString());
        environment.put("PATH", search);
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        return environment;
    }

    private static boolean sameContent(Path one, Path other) {
        try {
            return Files.mismatch(one, other) < 0;
        } catch (IOException absent) {
            return false;
        }
    }

    private static Optional<Path> onPath(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** The directory that holds {@code mvnw}, at or above the one the tests run in. */
    private static Path checkout() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.exists(directory.resolve("mvnw"))) {
            directory = Optional.ofNullable(directory.getParent())
                    .orElseThrow(() -> new IllegalStateException("the tests run outside of a checkout"));
        }
        return directory;
    }
}
