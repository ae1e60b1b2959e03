package dev.mpx.proxy.shim;

import dev.mpx.proxy.home.Environment;
import dev.mpx.proxy.home.Home;
import dev.mpx.proxy.home.ServerCommand;
import java.util.List;
import java.util.Optional;

/**
 * The words behind {@code mpx}, for the shim: {@code [connect] [--home DIR] [-- COMMAND ARGS…]}, or arguments for the
 * default server in place of a command.
 *
 * @param home the directory that {@code --home} names
 * @param arguments for the default server; empty if a command is given
 * @param command behind {@code --}, if there is one
 */
public record Invocation(Optional<String> home, List<String> arguments, Optional<List<String>> command) {

    /** @throws IllegalArgumentException for wrong usage, with a sentence that says what is wrong */
    static Invocation parse(List<String> words) {
        boolean named = false;
        Optional<String> home = Optional.empty();
        List<String> arguments = new java.util.ArrayList<>();
        for (int at = 0; at < words.size(); at++) {
            String word = words.get(at);
            if (word.equals("--")) {
                if (!arguments.isEmpty()) {
                    throw new IllegalArgumentException("\"" + arguments.get(0) + "\" is no option of mpx. Arguments for the server go"
                            + " behind its command: mpx -- COMMAND ARGS…");
                }
                List<String> command = List.copyOf(words.subList(at + 1, words.size()));
                if (command.isEmpty()) {
                    throw new IllegalArgumentException("There is no command after \"--\".");
                }
                return new Invocation(home, List.of(), Optional.of(command));
            }
            if (word.equals("--home")) {
                at++;
                if (at == words.size() || words.get(at).isEmpty()) {
                    throw new IllegalArgumentException("--home needs a directory.");
                }
                home = Optional.of(words.get(at));
            } else if (word.startsWith("--home=")) {
                home = Optional.of(word.substring("--home=".length()));
                if (home.get().isEmpty()) {
                    throw new IllegalArgumentException("--home needs a directory.");
                }
            } else if (word.equals("connect") && !named && arguments.isEmpty()) {
                // before or behind --home, as the launcher takes it
                named = true;
            } else {
                arguments.add(word);
            }
        }
        return new Invocation(home, List.copyOf(arguments), Optional.empty());
    }

    /** What it means in an environment. @throws dev.mpx.proxy.home.HomeException if the server can't be found */
    public Target target(Environment environment) {
        ServerCommand server = command.isPresent()
                ? ServerCommand.of(command.get(), environment)
                : ServerCommand.standard(arguments, environment);
        Home place = home.isPresent() ? Home.at(home.get(), environment) : server.home(environment);
        return new Target(place, server, environment);
    }
}
