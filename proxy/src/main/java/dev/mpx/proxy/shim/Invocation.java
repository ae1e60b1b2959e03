package dev.mpx.proxy.shim;

import dev.mpx.proxy.home.Environment;
import dev.mpx.proxy.home.Home;
import dev.mpx.proxy.home.HomeException;
import dev.mpx.proxy.home.ServerCommand;
import java.util.List;
import java.util.Optional;

/**
 * The words behind {@code mpx}, for the shim: {@code [connect] [--home DIR] [--endpoint URI] [-- COMMAND ARGS…]}, or arguments for the
 * default server in place of a command.
 *
 * @param home the directory that {@code --home} names
 * @param arguments for the default server; empty if a command is given
 * @param command behind {@code --}, if there is one
 * @param endpoint that {@code --endpoint} names
 */
public record Invocation(Optional<String> home, List<String> arguments, Optional<List<String>> command, Optional<String> endpoint) {

    /** Without {@code --endpoint}. */
    public Invocation(Optional<String> home, List<String> arguments, Optional<List<String>> command) {
        this(home, arguments, command, Optional.empty());
    }

    /** @throws IllegalArgumentException for wrong usage, with a sentence that says what is wrong */
    static Invocation parse(List<String> words) {
        boolean named = false;
        Optional<String> home = Optional.empty();
        Optional<String> endpoint = Optional.empty();
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
                return new Invocation(home, List.of(), Optional.of(command), endpoint);
            }
            String option = option(word);
            if (option.isEmpty()) {
                if (word.equals("connect") && !named && arguments.isEmpty()) {
                    named = true; // before or behind the options, as the launcher takes it
                } else {
                    arguments.add(word);
                }
                continue;
            }
            boolean isApart = word.equals(option);
            at += isApart ? 1 : 0;
            String value = isApart ? (at < words.size() ? words.get(at) : "") : word.substring(option.length() + 1);
            if (value.isEmpty()) {
                throw new IllegalArgumentException(option + (option.equals("--home") ? " needs a directory." : " needs an endpoint, such as unix:/path."));
            }
            if (option.equals("--home")) {
                home = Optional.of(value);
            } else {
                endpoint = Optional.of(value);
            }
        }
        return new Invocation(home, List.copyOf(arguments), Optional.empty(), endpoint);
    }

    /** Which option of mpx's own the word is, or begins with; empty if none. */
    private static String option(String word) {
        for (String option : List.of("--home", "--endpoint")) {
            if (word.equals(option) || word.startsWith(option + "=")) {
                return option;
            }
        }
        return "";
    }

    /** What it means in an environment. @throws HomeException if the server can't be found, and is not elsewhere */
    public Target target(Environment environment) {
        Environment own = environment(environment);
        ServerCommand server = command.isPresent() ? ServerCommand.of(command.get(), own) : standard(own);
        Home place = home.isPresent() ? Home.at(home.get(), own) : server.home(own);
        return new Target(place, server, own);
    }

    /** {@code --endpoint} is MEMPALACE_BROKER said on the command line. */
    public Environment environment(Environment environment) {
        return endpoint.isPresent() ? environment.with("MEMPALACE_BROKER", endpoint.get()) : environment;
    }

    /** In a container the daemon may be all that there is of it. */
    private ServerCommand standard(Environment environment) {
        try {
            return ServerCommand.standard(arguments, environment);
        } catch (HomeException notHere) {
            Home place = home.isPresent() ? Home.at(home.get(), environment) : Home.of(arguments, environment);
            if (Discovery.isElsewhere(place, environment)) {
                return ServerCommand.elsewhere(arguments, environment);
            }
            throw notHere;
        }
    }
}
