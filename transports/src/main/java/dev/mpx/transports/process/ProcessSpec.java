package dev.mpx.transports.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What to start.
 *
 * @param command the program and its arguments
 * @param directory where it runs
 * @param environment all of its environment; nothing is inherited beside it
 * @param guarded whether the program is a guard, which starts the real one as its only child and answers for the whole
 *     tree: it is asked to end by SIGTERM, and killed only when it is itself what hangs
 * @param bearings what to tell, in sentences, of the daemon of another home, by that home's directory, where it has the data
 */
public record ProcessSpec(List<String> command, Path directory, Map<String, String> environment, boolean guarded,
        UnaryOperator<String> bearings) {
    public ProcessSpec {
        if (command.isEmpty()) {
            throw new IllegalArgumentException("a command has at least a program");
        }
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    /** A program that guards nothing. */
    public ProcessSpec(List<String> command, Path directory, Map<String, String> environment) {
        this(command, directory, environment, false, home -> "");
    }

    /** The same under a guard that puts two connections to that name in the place of standard input and output. */
    ProcessSpec withStreams(String name) {
        List<String> words = new ArrayList<>(command);
        words.addAll(words.indexOf("--"), List.of("--streams", name));
        return new ProcessSpec(words, directory, environment, guarded, bearings);
    }

    /** The first file that the guard is to lock, which is that of the home; the others are the data's. */
    Optional<String> ownLock() {
        int end = command.contains("--") ? command.indexOf("--") : command.size();
        int at = command.subList(0, end).indexOf("--lock") + 1;
        return guarded && at > 0 && at < end ? Optional.of(command.get(at)) : Optional.empty();
    }

    String program() {
        return command.get(0);
    }
}
