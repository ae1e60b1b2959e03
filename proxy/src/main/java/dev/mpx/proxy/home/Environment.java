package dev.mpx.proxy.home;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a process was given to find its files by: variables and working directory. Immutable.
 *
 * <p>Agents strip the environment of what they start, so nothing but HOME and PATH is ever counted on, and
 * HOME is made up for where it is missing.
 *
 * @param variables the environment variables
 * @param workingDirectory what relative paths are relative to, absolute
 * @param passwdHome the home directory the system has on record for this user, for when HOME is missing
 */
public record Environment(Map<String, String> variables, Path workingDirectory, Path passwdHome) {

    public Environment {
        variables = Map.copyOf(variables);
    }

    /** That of this process. */
    public static Environment ofProcess() {
        // Java takes user.home from the passwd entry, not from HOME.
        return new Environment(System.getenv(), Path.of(System.getProperty("user.dir")), Path.of(System.getProperty("user.home")));
    }

    /** The same with one variable set. */
    public Environment with(String name, String value) {
        Map<String, String> more = new HashMap<>(variables);
        more.put(name, value);
        return new Environment(more, workingDirectory, passwdHome);
    }

    /** A variable that is set and not empty. */
    public Optional<String> get(String name) {
        String value = variables.get(name);
        return value == null || value.isBlank() ? Optional.empty() : Optional.of(value);
    }

    /** The user's home directory: HOME if it is an absolute path, else what the system has on record. */
    public Path userHome() {
        String home = variables.get("HOME");
        return home != null && home.startsWith("/") ? Path.of(home) : passwdHome;
    }

    /** The path made absolute against the working directory; nothing in it is resolved. */
    public Path absolute(String path) {
        return workingDirectory.resolve(path);
    }

    /** The path with a leading {@code ~} replaced by the user's home, as Python's {@code expanduser} does for one's own. */
    public String expandTilde(String path) {
        return path.equals("~") || path.startsWith("~/") ? userHome() + path.substring(1) : path;
    }
}
