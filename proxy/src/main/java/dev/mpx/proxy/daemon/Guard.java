package dev.mpx.proxy.daemon;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The native parent of the child, which holds the locks of its data and lets no process of its tree outlive it. Where
 * there is none (no compiler when mpx was installed), the daemon does what Java can, and its status says so.
 */
final class Guard {
    /** Names the native program, which the launcher is itself where there is one. */
    private static final String PROPERTY = "mpx.native";

    /** A guard whose daemon was killed ends its tree within 13 s (native/README.md); until then whoever calls is kept waiting. */
    private static final Duration ENDING = Duration.ofSeconds(15);

    private final Optional<Path> program;

    private Guard(Optional<Path> program) {
        this.program = program;
    }

    static Guard find() {
        return new Guard(Optional.ofNullable(System.getProperty(PROPERTY)).map(Path::of).filter(Files::isExecutable));
    }

    boolean isThere() {
        return program.isPresent();
    }

    /**
     * The command that starts the child under the guard; the command itself where there is none.
     *
     * @param locks files that the guard locks and the whole tree inherits
     */
    List<String> wrap(List<String> command, List<Path> locks) {
        if (program.isEmpty()) {
            return command;
        }
        List<String> guarded = new ArrayList<>(List.of(program.get().toString(), "guard"));
        guarded.addAll(List.of("--parent", Long.toString(ProcessHandle.current().pid())));
        for (Path lock : locks) {
            guarded.addAll(List.of("--lock", lock.toString()));
        }
        guarded.addAll(List.of("--wait-ms", Long.toString(ENDING.toMillis()), "--"));
        guarded.addAll(command);
        return guarded;
    }
}
