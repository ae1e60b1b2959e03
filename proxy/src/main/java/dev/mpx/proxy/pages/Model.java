package dev.mpx.proxy.pages;

import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What of a command is there to be seen. Stateless. */
final class Model {
    private Model() {}

    /** In the order of their names. */
    static List<CommandSpec> commands(CommandSpec of) {
        return of.subcommands().values().stream().map(CommandLine::getCommandSpec).filter(command -> !command.usageMessage().hidden())
                .sorted((one, other) -> one.name().compareTo(other.name())).distinct().toList();
    }

    static List<OptionSpec> options(CommandSpec command) {
        return command.options().stream().filter(option -> !option.hidden()).toList();
    }

    static boolean takesValue(OptionSpec option) {
        return option.arity().max() > 0;
    }

    static boolean mustHaveValue(OptionSpec option) {
        return option.arity().min() > 0;
    }

    /** What its value may be, where those are few. */
    static List<String> values(ArgSpec option) {
        if (option.type().isEnum()) {
            return Stream.of(option.type().getEnumConstants()).map(Object::toString).toList();
        }
        return option.completionCandidates() == null ? List.of()
                : Stream.iterate(option.completionCandidates().iterator(), java.util.Iterator::hasNext, all -> all)
                        .map(java.util.Iterator::next).toList();
    }

    static boolean isDirectory(OptionSpec option) {
        return option.paramLabel().equals("DIR");
    }

    /** The first sentence, without its full stop. */
    static String brief(String... description) {
        String text = String.join(" ", description).replace("%n", " ").replace("%%", "%");
        int end = text.indexOf(". ");
        return end > 0 ? text.substring(0, end) : text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }

    static String whole(String... description) {
        return String.join(" ", description).replace("%n", " ").replace("%%", "%");
    }
}
