package dev.mpx.proxy.home;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What this machine's own settings say of where the daemon is: {@code endpoint}, {@code token}, {@code owner} and {@code ssh} in
 * {@code ~/.config/mpx/mpx.toml}, else {@code /etc/mpx/mpx.toml}, each by itself. Only these keys are read here, by
 * hand: a TOML library would be loaded by every shim.
 */
public final class MachineSettings {
    private final List<Path> files;

    public MachineSettings(Environment environment) {
        this(List.of(environment.userHome().resolve(".config/mpx/mpx.toml"), Path.of("/etc/mpx/mpx.toml")));
    }

    MachineSettings(List<Path> files) {
        this.files = files;
    }

    /** In the form that {@link Endpoint#parse} reads. */
    public Optional<String> endpoint() {
        return find("endpoint", "unix:/path/of/socket");
    }

    /** What a daemon that is reached by TCP wants to be shown. */
    public Optional<String> token() {
        return find("token", "0123…, 64 hexadecimal digits");
    }

    /** Who may own a palace on a mount that is shared; see {@link Ownership}. */
    Optional<String> owner() {
        return find("owner", Ownership.HERE);
    }

    /** Who speaks SSH; see {@link SshWay}. */
    Optional<String> ssh() {
        return find("ssh", "openssh");
    }

    private Optional<String> find(String key, String example) {
        for (Path file : files) {
            Optional<String> value = Files.isReadable(file) ? find(file, key, example) : Optional.empty();
            if (value.isPresent()) {
                return value;
            }
        }
        return Optional.empty();
    }

    /** The value of the top-level key: a one-line basic or literal string without escapes. */
    private static Optional<String> find(Path file, String key, String example) {
        try {
            for (String raw : Files.readAllLines(file)) {
                String line = raw.strip();
                if (line.startsWith("[")) {
                    return Optional.empty();
                }
                int equals = line.indexOf('=');
                if (equals > 0 && isKey(line.substring(0, equals).strip(), key)) {
                    Optional<String> value = value(line.substring(equals + 1).strip());
                    if (value.isEmpty()) {
                        throw new HomeException("In " + file + ", \"" + key + "\" must be a string such as \"" + example + "\".");
                    }
                    return value;
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new HomeException("mpx can't read its settings in " + file + " (they must be UTF-8 text): " + e.getMessage(), e);
        }
    }

    private static boolean isKey(String name, String key) {
        return name.equals(key) || name.equals('"' + key + '"');
    }

    private static Optional<String> value(String text) {
        char quote = text.isEmpty() ? ' ' : text.charAt(0);
        int end = text.indexOf(quote, 1);
        boolean isString = (quote == '"' || quote == '\'') && end > 0 && text.indexOf('\\') < 0;
        String behind = isString ? text.substring(end + 1).strip() : "";
        return isString && (behind.isEmpty() || behind.startsWith("#")) ? Optional.of(text.substring(1, end)) : Optional.empty();
    }
}
