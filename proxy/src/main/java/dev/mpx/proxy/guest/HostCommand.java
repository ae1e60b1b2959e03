package dev.mpx.proxy.guest;

import dev.mpx.proxy.home.Endpoint;
import dev.mpx.proxy.home.ShellWords;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * mpx as it is run on the host by SSH: {@code ~/.local/bin/mpx}, else the one on the PATH that a command run by SSH has there.
 *
 * @param endpoint the host, and the home that is meant there
 */
public record HostCommand(Endpoint.Ssh endpoint) {
    private static final String MISSING = "mpx-is-missing:";
    /** For the host's sh, whatever the login shell is: nothing in it means anything to another shell within single quotes. */
    private static final String SCRIPT = "m=$HOME/.local/bin/mpx; [ -x \"$m\" ] || m=$(command -v mpx) || { echo \"" + MISSING
            + "$PATH\" >&2; exit 127; }; exec \"$m\" \"$@\"";

    /** Sees to it that the daemon runs there, and prints its socket for guests. */
    public String ensure() {
        return line("ensure", "--guest");
    }

    /** Joins its standard input and output to that socket. */
    public String connect() {
        return line("connect", "--guest");
    }

    private String line(String... words) {
        List<String> all = new ArrayList<>(List.of("sh", "-c", SCRIPT, "mpx"));
        all.addAll(List.of(words));
        endpoint.home().ifPresent(home -> all.addAll(List.of("--home", home)));
        return ShellWords.join(all);
    }

    /** The path of the socket for guests, if {@link #ensure} has ended well. */
    public Optional<String> door(OptionalInt status, String stdout) {
        return stdout.lines().filter(line -> line.startsWith("unix:/")).reduce((first, last) -> last)
                .filter(line -> status.orElse(-1) == 0)
                .map(line -> line.substring("unix:".length()));
    }

    /** Why {@link #ensure} has not ended well, in a sentence, with what helps. */
    public String complaint(OptionalInt status, String stdout, String stderr) {
        int missing = stderr.indexOf(MISSING);
        if (missing >= 0) {
            return "mpx is not installed on " + endpoint.host() + ": it is neither ~/.local/bin/mpx there nor in PATH, which is "
                    + stderr.substring(missing + MISSING.length()).lines().findFirst().orElse("")
                    + " for commands that are run by SSH. Install it there (./install.sh), or link ~/.local/bin/mpx to it.";
        }
        return "mpx on " + endpoint.host() + " can't provide its daemon (mpx ensure --guest, exit status "
                + (status.isPresent() ? status.getAsInt() : "unknown") + "): " + (stderr.isBlank() ? stdout : stderr).strip();
    }
}
