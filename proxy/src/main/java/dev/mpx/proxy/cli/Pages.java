package dev.mpx.proxy.cli;

import dev.mpx.proxy.pages.FishCompletion;
import dev.mpx.proxy.pages.ManPage;
import dev.mpx.proxy.pages.ZshCompletion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Writes completion and manual pages into a directory like {@code /usr/share}; the build runs it. What the native program does by
 * itself is in the same model, for the help.
 */
final class Pages {
    private Pages() {}

    /** @param arguments the directory, and the version and the date (ISO) that manual pages name */
    public static void main(String[] arguments) throws IOException {
        write(Path.of(arguments[0]), arguments[1], arguments[2].substring(0, 10));
    }

    static void write(Path share, String version, String date) throws IOException {
        CommandLine line = Mpx.commandLine();
        CommandSpec program = line.getCommandSpec();
        put(share.resolve("bash-completion/completions/mpx"), bash(line));
        put(share.resolve("zsh/site-functions/_mpx"), ZshCompletion.of(program));
        put(share.resolve("fish/vendor_completions.d/mpx.fish"), FishCompletion.of(program));
        page(share, program, version, date);
        for (CommandLine command : line.getSubcommands().values()) {
            if (!command.getCommandSpec().usageMessage().hidden()) {
                page(share, command.getCommandSpec(), version, date);
            }
        }
    }

    /** Without the day and the place at which it was made: the same build is the same bytes. */
    private static String bash(CommandLine line) {
        return AutoComplete.bash("mpx", line).lines().filter(text -> !text.startsWith("#") || text.startsWith("#!"))
                .collect(java.util.stream.Collectors.joining("\n", "", "\n"));
    }

    private static void page(Path share, CommandSpec command, String version, String date) throws IOException {
        put(share.resolve("man/man1").resolve(ManPage.name(command) + ".1"), ManPage.of(command, "mpx " + version, date));
    }

    private static void put(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
