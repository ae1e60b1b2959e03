package dev.mpx.proxy.pages;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code complete} lines for fish, which picocli does not write. Behind {@code --} fish completes another command. */
public final class FishCompletion {
    private FishCompletion() {}

    public static String of(CommandSpec program) {
        String name = program.name();
        StringBuilder out = new StringBuilder("# Completion of " + name + " for fish. Made when it was built.\n"
                + "function __" + name + "_behind_dashes; contains -- -- (commandline -opc); end\n"
                + "complete -c " + name + " -f\n"
                + "complete -c " + name + " -n __" + name + "_behind_dashes -F\n");
        String none = "__fish_use_subcommand; and not __" + name + "_behind_dashes";
        for (CommandSpec command : Model.commands(program)) {
            out.append("complete -c ").append(name).append(" -n ").append(quoted(none)).append(" -a ").append(command.name())
                    .append(" -d ").append(quoted(Model.brief(command.usageMessage().description()))).append('\n');
        }
        options(out, program, none);
        for (CommandSpec command : Model.commands(program)) {
            options(out, command, "__fish_seen_subcommand_from " + command.name() + "; and not __" + name + "_behind_dashes");
        }
        return out.toString();
    }

    private static void options(StringBuilder out, CommandSpec command, String condition) {
        for (OptionSpec option : Model.options(command)) {
            out.append("complete -c ").append(command.root().name()).append(" -n ").append(quoted(condition));
            for (String name : option.names()) {
                out.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
            }
            if (!Model.values(option).isEmpty()) {
                out.append(" -x -a ").append(quoted(String.join(" ", Model.values(option))));
            } else if (Model.isDirectory(option)) {
                out.append(" -x -a '(__fish_complete_directories)'");
            } else if (Model.mustHaveValue(option)) {
                out.append(" -x");
            }
            out.append(" -d ").append(quoted(Model.brief(option.description()))).append('\n');
        }
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
