package dev.mpx.proxy.borrower;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A home with a daemon that lends, and a user who runs {@code mpx run} there. */
abstract class Borrower {
    static final int REFUSED = 1;

    @TempDir
    Path directory;

    Path user;
    Path home;
    LendingDaemon daemon;

    @BeforeEach
    void lend() throws IOException {
        user = directory.toRealPath();
        home = user.resolve("h");
        daemon = LendingDaemon.in(home);
    }

    @AfterEach
    void end() throws IOException {
        daemon.close();
    }

    final Job start(String... words) throws IOException {
        return Job.start(user, Map.of(), run(words));
    }

    final List<String> run(String... words) {
        List<String> command = Job.mpx("run", "--home", home.toString());
        command.addAll(List.of(words));
        return command;
    }

    final Job shell(String script, String... options) throws IOException {
        List<String> words = new ArrayList<>(List.of(options));
        words.addAll(List.of("--", "/bin/sh", "-c", script));
        return start(words.toArray(String[]::new));
    }
}
