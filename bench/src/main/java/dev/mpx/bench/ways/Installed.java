package dev.mpx.bench.ways;

import dev.mpx.bench.BrokenBenchmark;
import dev.mpx.fixtures.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** mpx as {@code install.sh} leaves it, with the class archives if they are to be made, in a directory of its own. */
public final class Installed {
    private final Workshop workshop;
    private final Path root;

    public Installed(Workshop workshop, boolean archives) {
        this.workshop = workshop;
        this.root = workshop.directory("mpx");
        Path dist = workshop.project().resolve("proxy/target/dist");
        try (Stream<Path> all = Files.walk(dist)) {
            for (Path file : all.toList()) {
                Path copy = root.resolve(dist.relativize(file).toString());
                if (!copy.equals(root)) {
                    Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        } catch (IOException e) {
            throw new BrokenBenchmark("mpx is not built: " + dist + " can't be copied", e);
        }
        if (archives) {
            workshop.run(workshop.directory("archives"), List.of(root.resolve("lib/make-archives").toString()));
        }
    }

    /** Whether it is the native program, rather than the script that starts Java for everything. */
    boolean isNative() {
        try (InputStream in = Files.newInputStream(root.resolve("bin/mpx"))) {
            return in.read() == 0x7f;
        } catch (IOException e) {
            throw new BrokenBenchmark("bin/mpx can't be read", e);
        }
    }

    /** A daemon's home, with no daemon yet. */
    public Home home(boolean javaShim) {
        return workshop.watch(new Home(workshop.directory("home"), javaShim));
    }

    /** One home of a daemon, of which the server is the trivial one. */
    public final class Home implements Stand {
        private final Path directory;
        private final boolean javaShim;

        private Home(Path directory, boolean javaShim) {
            this.directory = directory;
            this.javaShim = javaShim;
        }

        private List<String> mpx(String... words) {
            List<String> command = new ArrayList<>(List.of(root.resolve("bin/mpx").toString()));
            command.addAll(List.of(words));
            command.addAll(List.of("--home", directory.resolve("h").toString()));
            return command;
        }

        private List<String> withServer(List<String> command) {
            command.addAll(List.of("--", workshop.child().toString()));
            return command;
        }

        /** Has a daemon started, if there is none; not its server. */
        public void ensure() {
            workshop.run(directory, withServer(mpx("ensure")));
        }

        /** Ends the daemon and its server; what it knows of the server stays. */
        public void stop() {
            workshop.run(directory, mpx("stop"));
        }

        @Override
        public List<String> command() {
            return withServer(mpx());
        }

        @Override
        public Map<String, String> environment() {
            Map<String, String> environment = new HashMap<>(workshop.environment(directory));
            if (javaShim) {
                environment.put("MPX_SHIM", "java");
            }
            return environment;
        }

        /** The process of the daemon that is there. */
        @Override
        public OptionalLong daemon() {
            try {
                return OptionalLong.of(Json.parse(Files.readString(directory.resolve("h/broker.json"))).at("pid").integer());
            } catch (IOException e) {
                throw new BrokenBenchmark("there is no broker.json of a daemon", e);
            }
        }

        @Override
        public List<Long> roots() {
            return List.of(daemon().getAsLong());
        }

        @Override
        public void close() {
            workshop.forget(this);
            stop();
        }
    }
}
