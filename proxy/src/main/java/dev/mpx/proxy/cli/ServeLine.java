package dev.mpx.proxy.cli;

import dev.mpx.proxy.daemon.Daemon;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * {@code serve --home DIR --relay URI} and {@code serve --home DIR [--palace-dir DIR] -- COMMAND ARGS…}, as whoever starts a daemon writes it, read by hand. picocli
 * would take as long as all the rest of a daemon's start: it is compiled for a Java so old that no archive of classes
 * may hold it.
 */
final class ServeLine {
    private ServeLine() {}

    /** The exit status of the daemon, once it has ended; empty if the words are anything else, which is for picocli. */
    static Optional<Integer> run(String[] words) {
        int at = 0;
        if (words.length < 5 || !words[at++].equals("serve") || !words[at++].equals("--home")) {
            return Optional.empty();
        }
        String home = words[at++];
        if (words[at].equals("--relay") && words.length == at + 2) {
            return Optional.of(RelayProgram.run(words[at + 1], home));
        }
        String palace = "";
        if (words[at].equals("--palace-dir")) {
            palace = words[at + 1];
            at += 2;
        }
        if (home.isEmpty() || at + 1 >= words.length || !words[at].equals("--")) {
            return Optional.empty();
        }
        List<String> command = List.of(words).subList(at + 1, words.length);
        ServerOptions server = new ServerOptions(home, palace.isEmpty() ? Optional.empty() : Optional.of(Path.of(palace)), command);
        return Optional.of(Daemon.run(new ServeCommand(server).options()));
    }
}
