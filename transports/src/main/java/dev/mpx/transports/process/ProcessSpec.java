package dev.mpx.transports.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What to start.
 *
 * @param command the program and its arguments
 * @param directory where it runs
 * @param environment all of its environment; nothing is inherited beside it
 * @param guarded whether the program is a guard, which starts the real one as its only child and answers for the whole
 *     tree: it is asked to end by SIGTERM, and never killed, since that would leave the tree without it
 */
public record ProcessSpec(List<String> command, Path directory, Map<String, String> environment, boolean guarded) {
    public ProcessSpec {
        if (command.isEmpty()) {
            throw new IllegalArgumentException("a command has at least a program");
        }
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    /** A program that guards nothing. */
    public ProcessSpec(List<String> command, Path directory, Map<String, String> environment) {
        this(command, directory, environment, false);
    }

    String program() {
        return command.get(0);
    }
}
