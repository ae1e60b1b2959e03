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
 */
public record ProcessSpec(List<String> command, Path directory, Map<String, String> environment) {
    public ProcessSpec {
        if (command.isEmpty()) {
            throw new IllegalArgumentException("a command has at least a program");
        }
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    String program() {
        return command.get(0);
    }
}
