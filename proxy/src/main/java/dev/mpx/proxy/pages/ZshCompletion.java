package dev.mpx.proxy.pages;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** A function for zsh's own completion system: with descriptions, which the script for bash does not have. */
public final class ZshCompletion {
    private ZshCompletion() {}

    public static String of(CommandSpec program) {
        String name = program.name();
        StringBuilder out = new StringBuilder("#compdef " + name + "\n# Completion of " + name + " for zsh. Made when it was built.\n\n");
        out.append("_").append(name).append("() {\n    local curcontext=\"$curcontext\" state line ret=1\n    local -a commands\n    commands=(\n");
        for (CommandSpec command : Model.commands(program)) {
            out.append("        ").append(quoted(command.name() + ":" + Model.brief(command.usageMessage().description()).replace(":", "\\:")))
                    .append('\n');
        }
        out.append("    )\n    _arguments -C");
        options(out, program);
        out.append(" \\\n        '1: :->command' '*:: :->rest' && ret=0\n    case $state in\n    command) _describe command commands && ret=0 ;;\n"
                + "    rest)\n        case $words[1] in\n");
        for (CommandSpec command : Model.commands(program)) {
            out.append("        ").append(command.name()).append(")\n            _arguments");
            options(out, command);
            out.append(" \\\n        '*:: :_normal' && ret=0 ;;\n");
        }
        return out.append("        --) shift words; (( CURRENT-- )); _normal && ret=0 ;;\n        esac ;;\n    esac\n    return ret\n}\n\n_")
                .append(name).append(" \"$@\"\n").toString();
    }

    private static void options(StringBuilder out, CommandSpec command) {
        for (OptionSpec option : Model.options(command)) {
            String others = option.names().length > 1 ? "(" + String.join(" ", option.names()) + ")" : "";
            for (String name : option.names()) {
                String value = !Model.takesValue(option) ? "" : Model.mustHaveValue(option) ? "=" : "=-";
                out.append(" \\\n        ").append(quoted(others + name + value + "[" + escaped(Model.brief(option.description())) + "]" + argument(option)));
            }
        }
    }

    private static String argument(OptionSpec option) {
        if (!Model.takesValue(option)) {
            return "";
        }
        List<String> values = Model.values(option);
        String optional = Model.mustHaveValue(option) ? ":" : "::";
        return optional + escaped(option.paramLabel()) + ":"
                + (!values.isEmpty() ? "(" + String.join(" ", values) + ")" : Model.isDirectory(option) ? "_files -/" : "");
    }

    private static String escaped(String text) {
        return text.replace("[", "\\[").replace("]", "\\]").replace(":", "\\:");
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
