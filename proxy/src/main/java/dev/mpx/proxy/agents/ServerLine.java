package dev.mpx.proxy.agents;

import dev.mpx.proxy.home.Environment;
import dev.mpx.proxy.home.HomeException;
import dev.mpx.proxy.home.ServerSearch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Which server a command line in a configuration starts, and what starts the same one through mpx. */
final class ServerLine {
    /** What a command line starts. */
    enum Kind {
        /** A palace server of its own. */
        BARE,
        /** mpx, for the palace. */
        SHARED,
        /** mpx for the palace, by a path at which there is none any more. */
        LOST,
        /** Something else. */
        OTHER
    }

    /**
     * How a command line is changed.
     *
     * @param program the new program
     * @param inserted what goes before the old arguments
     */
    record Rewrite(String program, List<String> inserted) {}

    private static final String SERVER = "mempalace-mcp";
    private static final String MODULE = "mempalace.mcp_server";
    private static final Set<String> RUNNERS =
            Set.of("uvx", "uv", "pipx", "env", "nohup", "nice", "ionice", "timeout", "setsid", "stdbuf", "hatch", "poetry", "pdm", "conda");

    private final Environment environment;
    private final MpxProgram mpx;

    ServerLine(Environment environment, MpxProgram mpx) {
        this.environment = environment;
        this.mpx = mpx;
    }

    Kind kind(List<String> argv) {
        if (argv.isEmpty()) {
            return Kind.OTHER;
        }
        String program = argv.get(0);
        if (isMpx(program)) {
            int dashes = argv.indexOf("--");
            boolean isPalaces = dashes < 0 || startsPalace(argv.subList(dashes + 1, argv.size()));
            return !isPalaces ? Kind.OTHER : isLost(program) ? Kind.LOST : Kind.SHARED;
        }
        return startsPalace(argv) ? Kind.BARE : Kind.OTHER;
    }

    /** For a line that is {@link Kind#BARE} or {@link Kind#LOST}. */
    Rewrite rewrite(List<String> argv) {
        boolean isPlain = kind(argv) == Kind.LOST || isDefaultServer(argv.get(0)) && hasOnlyPalaceOption(argv.subList(1, argv.size()));
        return new Rewrite(mpx.path(), isPlain ? List.of() : List.of("--", argv.get(0)));
    }

    /** Such as {@code mpx --palace DIR}, whose other arguments mpx might take for its own. */
    private static boolean hasOnlyPalaceOption(List<String> arguments) {
        for (int at = 0; at < arguments.size(); at++) {
            if (arguments.get(at).equals("--palace") && at + 1 < arguments.size()) {
                at++;
            } else if (!arguments.get(at).startsWith("--palace=")) {
                return false;
            }
        }
        return true;
    }

    private boolean isDefaultServer(String program) {
        if (!baseName(program).equals(SERVER)) {
            return false;
        }
        try {
            return program.indexOf('/') < 0
                    || Files.isSameFile(environment.absolute(environment.expandTilde(program)),
                            new ServerSearch(environment).realPalaceServer());
        } catch (IOException | HomeException none) {
            return false;
        }
    }

    /** The server itself, or a runner of Python programs with it among its words. */
    private static boolean startsPalace(List<String> argv) {
        if (argv.isEmpty()) {
            return false;
        }
        String program = baseName(argv.get(0));
        if (program.equals(SERVER)) {
            return true;
        }
        boolean isPython = program.matches("(python|pypy)[0-9.]*");
        for (int at = 1; at < argv.size() && (isPython || RUNNERS.contains(program)); at++) {
            boolean isModule = argv.get(at).equals(MODULE) && argv.get(at - 1).equals("-m");
            if (isModule || baseName(argv.get(at)).equals(SERVER)) {
                return true;
            }
        }
        return false;
    }

    private boolean isMpx(String program) {
        String name = baseName(program);
        if (name.equals("mpx") || program.equals(mpx.path())) {
            return true;
        }
        ServerSearch search = new ServerSearch(environment);
        return name.equals(SERVER) && (program.indexOf('/') < 0
                ? search.find(program).filter(search::isMpx).isPresent()
                : search.isMpx(environment.absolute(environment.expandTilde(program))));
    }

    private boolean isLost(String program) {
        return program.startsWith("/") && !program.equals(mpx.path()) && !Files.exists(Path.of(program));
    }

    /** Whether the words speak of the palace at all. */
    static boolean speaksOfPalace(List<String> argv) {
        return argv.stream().anyMatch(word -> word.contains("mempalace"));
    }

    static List<String> applied(List<String> argv, Rewrite rewrite) {
        List<String> words = new ArrayList<>(List.of(rewrite.program()));
        words.addAll(rewrite.inserted());
        words.addAll(argv.subList(1, argv.size()));
        return words;
    }

    private static String baseName(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
