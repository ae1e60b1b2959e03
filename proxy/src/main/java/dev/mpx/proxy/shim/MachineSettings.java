package dev.mpx.proxy.shim;

import dev.mpx.proxy.home.Environment;
import dev.mpx.proxy.home.HomeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The {@code endpoint} that this machine's own settings name: {@code ~/.config/mpx/mpx.toml}, else
 * {@code /etc/mpx/mpx.toml}. Only that one key is read here, by hand: a TOML library would be loaded by every shim.
 */
final class MachineSettings {
    private static final String KEY = "endpoint";

    private final List<Path> files;

    MachineSettings(Environment environment) {
        this(List.of(environment.userHome().resolve(".config/mpx/mpx.toml"), Path.of("/etc/mpx/mpx.toml")));
    }

    MachineSettings(List<Path> files) {
        this.files = files;
    }

    Optional<String> endpoint() {
        for (Path file : files) {
            Optional<String> value = Files.isReadable(file) ? endpoint(file) : Optional.empty();
            if (value.isPresent()) {
                return value;
            }
        }
        return Optional.empty();
    }

    /** The value of the top-level key: a one-line basic or literal string without escapes. */
    private static Optional<String> endpoint(Path file) {
        try {
            for (String raw : Files.readAllLines(file)) {
                String line = raw.strip();
                if (line.startsWith("[")) {
                    return Optional.empty();
                }
                int equals = line.indexOf('=');
                if (equals > 0 && isKey(line.substring(0, equals).strip())) {
                    return Optional.of(value(file, line.substring(equals + 1).strip()));
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new HomeException("mpx can't read its settings in " + file + " (they must be UTF-8 text): " + e.getMessage(), e);
        }
    }

    private static boolean isKey(String name) {
        return name.equals(KEY) || name.equals('"' + KEY + '"');
    }

    private static String value(Path file, String text) {
        char quote = text.isEmpty() ? ' ' : text.charAt(0);
        int end = text.indexOf(quote, 1);
        boolean isString = (quote == '"' || quote == '\'') && end > 0 && text.indexOf('\\') < 0;
        String behind = isString ? text.substring(end + 1).strip() : "";
        if (!isString || !(behind.isEmpty() || behind.startsWith("#"))) {
            throw new HomeException("In " + file + ", \"endpoint\" must be a string such as \"unix:/path/of/socket\".");
        }
        return text.substring(1, end);
    }
}
