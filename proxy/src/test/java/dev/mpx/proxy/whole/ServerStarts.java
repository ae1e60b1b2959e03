package dev.mpx.proxy.whole;

import dev.mpx.fixtures.server.ScriptedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A scripted server that leaves a line in a file each time it is started, so that none is overlooked. */
record ServerStarts(Path file, List<String> command) {
    static ServerStarts in(Path directory, String... switches) {
        return named(directory.resolve("starts"), switches);
    }

    static ServerStarts named(Path file, String... switches) {
        List<String> all = new ArrayList<>(List.of("--pidfile", file.toString()));
        all.addAll(List.of(switches));
        return new ServerStarts(file, ScriptedServer.command(all.toArray(String[]::new)));
    }

    /** The process ids of all that were ever started. */
    List<String> pids() throws IOException {
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }
}
