package dev.mpx.proxy.home;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The stdio server that is to be shared: its command line, and the palace it opens if it is a palace server.
 *
 * @param argv the command line, with the program first
 * @param palace the palace, or empty for any other server
 */
public record ServerCommand(List<String> argv, Optional<Palace> palace) {
    static final String PALACE_SERVER = "mempalace-mcp";
    private static final String PALACE_MODULE = "mempalace.mcp_server";

    public ServerCommand {
        argv = List.copyOf(argv);
    }

    /**
     * The default server, the real {@code mempalace-mcp}, with these arguments.
     *
     * @throws HomeException if there is none on PATH
     */
    public static ServerCommand standard(List<String> arguments, Environment environment) {
        List<String> argv = new ArrayList<>();
        argv.add(new ServerSearch(environment).realPalaceServer().toString());
        argv.addAll(arguments);
        return of(argv, environment);
    }

    /** The default server where it need not be installed, since it runs elsewhere. */
    public static ServerCommand elsewhere(List<String> arguments, Environment environment) {
        List<String> argv = new ArrayList<>(List.of(PALACE_SERVER));
        argv.addAll(Palace.withAbsoluteOption(arguments, environment));
        return new ServerCommand(argv, Optional.of(Palace.of(arguments, environment)));
    }

    /**
     * The server that a command line names. A {@code mempalace-mcp} in it that turns out to be mpx itself is replaced
     * by the real one; relative paths of the program and of {@code --palace} are made absolute.
     *
     * @throws HomeException if it is empty or is mpx itself under another name
     */
    public static ServerCommand of(List<String> commandLine, Environment environment) {
        if (commandLine.isEmpty() || commandLine.get(0).isEmpty()) {
            throw new HomeException("There is no command after \"--\". Write: mpx -- COMMAND ARGS…");
        }
        List<String> argv = new ArrayList<>(commandLine);
        argv.set(0, program(argv.get(0), environment));
        int end = endOfPalaceServer(argv);
        if (end == 0) {
            return new ServerCommand(argv, Optional.empty());
        }
        Environment own = withAssignments(argv.subList(0, end), environment);
        List<String> arguments = argv.subList(end, argv.size());
        Palace palace = Palace.of(arguments, own);
        List<String> absolute = new ArrayList<>(argv.subList(0, end));
        absolute.addAll(Palace.withAbsoluteOption(arguments, own));
        return new ServerCommand(absolute, Optional.of(palace));
    }

    private static String program(String program, Environment environment) {
        ServerSearch search = new ServerSearch(environment);
        boolean isBareName = program.indexOf('/') < 0;
        Path path = environment.absolute(program).normalize();
        if (baseName(program).equals(PALACE_SERVER)) {
            return isBareName || search.isMpx(path) ? search.realPalaceServer().toString() : path.toString();
        }
        Optional<Path> found = isBareName ? search.find(program) : Optional.of(path);
        boolean isMpx = found.isPresent() && search.isMpx(found.get());
        if (isMpx) {
            throw new HomeException("\"" + program + "\" is mpx itself. Name the server that it should share after \"--\".");
        }
        return isBareName ? program : path.toString();
    }

    /**
     * Behind which element the palace server's own arguments begin, 0 if there is no palace server: {@code mempalace-mcp},
     * also behind a runner such as {@code uvx} or {@code env}, or Python with {@code -m mempalace.mcp_server}.
     */
    private static int endOfPalaceServer(List<String> argv) {
        for (int i = 0; i < argv.size(); i++) {
            if (baseName(argv.get(i)).equals(PALACE_SERVER)) {
                return i + 1;
            }
            if (i > 0 && argv.get(i).equals(PALACE_MODULE) && argv.get(i - 1).equals("-m")) {
                return i + 1;
            }
        }
        return 0;
    }

    /** The environment with what {@code env NAME=VALUE …} puts into it. */
    private static Environment withAssignments(List<String> words, Environment environment) {
        Map<String, String> variables = null;
        for (String word : words) {
            int equals = word.indexOf('=');
            if (equals > 0 && Palace.VARIABLES.contains(word.substring(0, equals))) {
                variables = variables == null ? new HashMap<>(environment.variables()) : variables;
                variables.put(word.substring(0, equals), word.substring(equals + 1));
            }
        }
        return variables == null
                ? environment
                : new Environment(variables, environment.workingDirectory(), environment.passwdHome());
    }

    /** The same, run by the real palace server on PATH where the one that it names by its path is gone; as it is if there is none. */
    ServerCommand withLivingProgram(Environment environment) {
        Path named = Path.of(argv.get(0));
        if (!named.isAbsolute() || !baseName(argv.get(0)).equals(PALACE_SERVER) || Files.isExecutable(named)) {
            return this;
        }
        Optional<Path> other = new ServerSearch(environment).palaceServer();
        if (other.isEmpty()) {
            return this;
        }
        List<String> words = new ArrayList<>(argv);
        words.set(0, other.get().toString());
        return new ServerCommand(words, palace);
    }

    /**
     * What must stand in its environment so that it opens its palace: a variable, where neither its arguments nor that environment
     * name it, as when the daemon is started from another shell than the one before.
     */
    public Map<String, String> palaceVariable(Environment environment) {
        int end = endOfPalaceServer(argv);
        if (palace.isEmpty() || end == 0) {
            return Map.of();
        }
        Palace opened = Palace.of(argv.subList(end, argv.size()), withAssignments(argv.subList(0, end), environment));
        return opened.path().equals(palace.get().path()) ? Map.of() : Map.of(Palace.VARIABLES.get(0), palace.get().path().toString());
    }

    /** The program's file: the first of that name on PATH, where it is named without a directory. */
    public Path program(Environment environment) {
        String name = argv.get(0);
        Optional<Path> found = name.indexOf('/') < 0 ? new ServerSearch(environment).find(name) : Optional.empty();
        return found.isPresent() ? found.get() : Path.of(name);
    }

    /** Why its program can't be run, as a part of a sentence; empty if nothing is known against it. */
    public Optional<String> missing(Environment environment) {
        Path program = program(environment);
        return program.isAbsolute() && Files.isRegularFile(program) && Files.isExecutable(program) ? Optional.empty()
                : Optional.of(program + (program.isAbsolute() ? " is gone, or can't be run" : " is not on PATH"));
    }

    /** The home of its daemon unless another one is named: it follows the palace, else the command line. */
    public Home home(Environment environment) {
        if (palace.isPresent()) {
            return Home.of(palace.get(), environment);
        }
        return Home.of(fileName(baseName(argv.get(0))), Hash.of(String.join("\0", argv)), environment);
    }

    /** Letters, digits, dots and dashes of a program's name, for a directory's. */
    private static String fileName(String name) {
        StringBuilder safe = new StringBuilder();
        for (int i = 0; i < name.length() && i < 40; i++) {
            char c = name.charAt(i);
            boolean isPlain = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_'
                    || c == '.' && i > 0;
            safe.append(isPlain ? c : '_');
        }
        return safe.toString();
    }

    /**
     * Why a daemon that serves this command can't serve a client that wants another: a sentence that names both.
     * Empty if it can. A palace is served to everybody who wants that palace with the same other arguments, whichever
     * way the executable is found; any other server needs an equal command line.
     *
     * @param bearings what a person needs who wants to do something about that daemon, in sentences: see {@link Bearings}
     */
    public Optional<String> differenceFrom(ServerCommand wanted, String bearings) {
        if (!palace.equals(wanted.palace)) {
            return Optional.of("This home's daemon serves " + describe() + ", and this client wants " + wanted.describe()
                    + ". Give each a home of its own (leave out --home), or end the first. " + bearings);
        }
        boolean same = palace.isPresent()
                ? palaceArguments().equals(wanted.palaceArguments())
                : argv.equals(wanted.argv);
        return same ? Optional.empty() : Optional.of("The daemon already runs \"" + ShellWords.join(argv)
                + "\", and this client wants \"" + ShellWords.join(wanted.argv)
                + "\". Use the same command everywhere, or end the running one. " + bearings);
    }

    /** Where the server keeps data that one process at a time may write; empty where mpx doesn't know. */
    public List<Path> dataDirectories(Environment environment) {
        return palace.isPresent()
                ? palace.get().dataDirectories(argv.subList(endOfPalaceServer(argv), argv.size()), environment)
                : List.of();
    }

    /** Whether it is what mpx shares where nothing is said: a palace's server with no arguments but that of its palace. */
    public boolean isUsual() {
        return palace.isPresent() && palaceArguments().isEmpty();
    }

    private String describe() {
        String command = "\"" + ShellWords.join(argv) + "\"";
        return palace.isPresent() ? "the palace " + palace.get().path() + " (" + command + ")" : command;
    }

    private List<String> palaceArguments() {
        return Palace.withoutOption(argv.subList(endOfPalaceServer(argv), argv.size()));
    }

    static String baseName(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
