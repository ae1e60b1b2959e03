package dev.mpx.proxy.pages;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** A manual page in the macros of man(7), of a program or of one of its commands. */
public final class ManPage {
    private static final List<List<String>> STATUSES = List.of(
            List.of("0", "Well."), List.of("1", "Degraded or failed."), List.of("2", "Wrong usage."), List.of("3", "There is no daemon."));

    private final CommandSpec command;
    private final StringBuilder out = new StringBuilder();

    private ManPage(CommandSpec command) {
        this.command = command;
    }

    /**
     * @param version of the program
     * @param date in ISO's form
     */
    public static String of(CommandSpec command, String version, String date) {
        return new ManPage(command).write(version, date);
    }

    /** As in {@code mpx-status}: also the name of the file, before {@code .1}. */
    public static String name(CommandSpec command) {
        return command.parent() == null ? command.name() : name(command.parent()) + "-" + command.name();
    }

    private String write(String version, String date) {
        String name = name(command);
        String brief = Model.brief(command.usageMessage().description());
        out.append(".TH ").append(text(name.toUpperCase(Locale.ROOT))).append(" 1 ").append(date).append(" \"").append(text(version)).append("\" \"User Commands\"\n");
        section("NAME");
        out.append(text(name)).append(" \\- ").append(text(brief)).append('\n');
        section("SYNOPSIS");
        synopsis();
        section("DESCRIPTION");
        paragraph(Model.whole(command.usageMessage().description()));
        options();
        commands();
        section("EXIT STATUS");
        for (List<String> status : STATUSES) {
            item("\\fB" + status.get(0) + "\\fR", status.get(1));
        }
        files();
        seeAlso();
        return out.toString();
    }

    private void section(String title) {
        out.append(".SH ").append(title).append('\n');
    }

    private void paragraph(String words) {
        out.append(text(words)).append('\n');
    }

    private void item(String tag, String words) {
        out.append(".TP\n").append(tag).append('\n').append(text(words)).append('\n');
    }

    private void synopsis() {
        out.append("\\fB").append(text(command.qualifiedName())).append("\\fR");
        if (!Model.options(command).isEmpty()) {
            out.append(" [\\fIOPTION\\fR]...");
        }
        if (!Model.commands(command).isEmpty()) {
            out.append(" [\\fICOMMAND\\fR]");
        }
        for (PositionalParamSpec parameter : command.positionalParameters()) {
            if (!parameter.hidden()) {
                out.append(" [\\fI").append(text(parameter.paramLabel())).append("\\fR]");
            }
        }
        out.append('\n');
    }

    private void options() {
        boolean isTitled = false;
        for (OptionSpec option : Model.options(command)) {
            if (!isTitled) {
                section("OPTIONS");
                isTitled = true;
            }
            String value = !Model.takesValue(option) ? "" : Model.mustHaveValue(option)
                    ? "=\\fI" + text(option.paramLabel()) + "\\fR" : "[=\\fI" + text(option.paramLabel()) + "\\fR]";
            item(Stream.of(option.names()).map(name -> "\\fB" + text(name) + "\\fR").collect(Collectors.joining(", ")) + value,
                    Model.whole(option.description()));
        }
        for (PositionalParamSpec parameter : command.positionalParameters()) {
            if (!parameter.hidden()) {
                item("\\fI" + text(parameter.paramLabel()) + "\\fR", Model.whole(parameter.description()));
            }
        }
    }

    private void commands() {
        List<CommandSpec> commands = Model.commands(command);
        if (!commands.isEmpty()) {
            section("COMMANDS");
        }
        for (CommandSpec one : commands) {
            item("\\fB" + text(one.name()) + "\\fR", Model.brief(one.usageMessage().description()) + ".");
        }
    }

    private void files() {
        section("FILES");
        item("\\fI~/.mempalace\\fR", "The home of the default palace's server: broker.json, the sockets, logs, mpx.toml. The status names that of"
                + " any other.");
        item("\\fI~/.config/mpx/mpx.toml\\fR, \\fI/etc/mpx/mpx.toml\\fR", "This machine's settings.");
    }

    private void seeAlso() {
        List<CommandSpec> others = command.parent() == null ? Model.commands(command) : List.of(command.parent());
        section("SEE ALSO");
        out.append(others.stream().map(other -> "\\fB" + text(name(other)) + "\\fR(1)").collect(Collectors.joining(",\n"))).append('\n');
    }

    /** Nothing in it means anything to roff; in ASCII, since not every formatter takes more. */
    private static String text(String words) {
        String escaped = words.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("\"", "\\(dq").replace("~", "\\(ti")
                .replace("^", "\\(ha").replace("`", "\\(ga").replace("…", "...");
        return escaped.startsWith(".") ? "\\&" + escaped : escaped;
    }
}
