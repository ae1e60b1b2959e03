package dev.mpx.proxy.agents;

import dev.mpx.proxy.home.Environment;
import dev.mpx.proxy.home.ServerSearch;
import dev.mpx.proxy.home.ShellWords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The shell command of a hook: {@code mempalace hook run …} becomes {@code mpx hook run …}, {@code mempalace mine …} becomes
 * {@code mpx run --detach -- mempalace mine …}, wherever in it a command may stand; all else stays.
 */
final class HookCommand {
    private static final String BEGINS = "(?<before>^\\s*|[;&|({]\\s*|\\b(?:then|do|else|exec|nohup|time)\\s+"
            + "|\\b[A-Za-z_][A-Za-z0-9_]*=[^\\s;&|]*\\s+)";
    private static final String PROGRAM = "(?<program>\"[^\"$`\\\\]*/mempalace\"|'[^']*/mempalace'|[^\\s;&|\"'(){}$`]*/mempalace|mempalace"
            + "|(?<python>[^\\s;&|\"'(){}$`]*python[0-9.]*)\\s+-m\\s+mempalace)";
    private static final Pattern CALL = Pattern.compile(
            BEGINS + PROGRAM + "(?<palace>\\s+--palace(?:=|\\s+)(?:\"[^\"]*\"|'[^']*'|[^\\s;&|]+))?\\s+(?<what>hook\\s+run|mine)\\b");

    private final Environment environment;
    private final String mpx;
    private final boolean isAble;

    HookCommand(Environment environment, MpxProgram mpx) {
        this.environment = environment;
        this.isAble = mpx.runsJobs();
        this.mpx = ShellWords.quote(mpx.path());
    }

    /** The command with its calls of mempalace through mpx; empty if there is nothing to change, or no way to. */
    Optional<String> rewritten(String command) {
        if (!isAble) {
            return Optional.empty();
        }
        Matcher call = CALL.matcher(command);
        StringBuilder changed = new StringBuilder();
        boolean isChanged = false;
        while (call.find()) {
            Optional<String> other = call.group("what").equals("mine") ? Optional.of(mine(call)) : hook(call);
            isChanged |= other.isPresent();
            call.appendReplacement(changed, Matcher.quoteReplacement(other.orElse(call.group())));
        }
        call.appendTail(changed);
        return isChanged ? Optional.of(changed.toString()) : Optional.empty();
    }

    /** What the user may do about one that could not be changed, as a part of a sentence. */
    String advice() {
        return isAble
                ? "calls MemPalace in a way that mpx can't change here: ./install.sh --replace-mempalace puts mpx in the place of"
                        + " mempalace itself, for such hooks"
                : "calls MemPalace, and only mpx's native program can take that over: install a C compiler (Debian: apt install gcc"
                        + " make), run install.sh again, then this";
    }

    /** Whether it calls mempalace, or something of its own that may, without mpx in between. */
    static boolean callsMempalace(String command) {
        boolean isThroughMpx = command.matches("(?s).*\\bmpx['\"]? (hook|run)\\b.*");
        return !isThroughMpx && command.contains("mempal");
    }

    private String mine(Matcher call) {
        return call.group("before") + mpx + " run --detach -- " + call.group().substring(call.group("before").length());
    }

    /** {@code mpx hook} looks for mempalace on PATH: where another one was named, its directory goes first there. */
    private Optional<String> hook(Matcher call) {
        Optional<String> directory = directoryOfProgram(call);
        if (directory.isEmpty()) {
            return Optional.empty();
        }
        String path = directory.get().isEmpty() ? "" : "PATH=" + ShellWords.quote(directory.get()) + ":\"$PATH\" ";
        String palace = call.group("palace") == null ? "" : call.group("palace");
        return Optional.of(call.group("before") + path + mpx + " hook" + palace + call.group("what").replaceFirst("hook", ""));
    }

    /** Where it is, absolute; empty text if it is the first on PATH; nothing if there is none. */
    private Optional<String> directoryOfProgram(Matcher call) {
        String program = call.group("program");
        String python = call.group("python");
        if (program.equals("mempalace")) {
            return Optional.of("");
        }
        Optional<Path> onPath = new ServerSearch(environment).find("mempalace");
        if (python != null && python.indexOf('/') < 0) {
            return onPath.map(found -> "");
        }
        String unquoted = python != null ? python.replaceFirst("[^/]*$", "mempalace") : program.replaceAll("^[\"']|[\"']$", "");
        Path file = environment.absolute(environment.expandTilde(unquoted)).normalize();
        if (!Files.isExecutable(file)) {
            return Optional.empty();
        }
        return Optional.of(onPath.isPresent() && isSame(onPath.get(), file) ? "" : file.getParent().toString());
    }

    private static boolean isSame(Path one, Path other) {
        try {
            return Files.isSameFile(one, other);
        } catch (IOException e) {
            return false;
        }
    }
}
