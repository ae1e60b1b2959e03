package dev.mpx.proxy.relay;

import dev.mpx.proxy.home.Endpoint;
import dev.mpx.proxy.home.ShellWords;
import dev.mpx.transports.ssh.CommandResult;
import dev.mpx.transports.ssh.SshConnection;
import dev.mpx.transports.ssh.SshFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** mpx on the host: {@code ~/.local/bin/mpx}, else the one on the PATH that a command run by SSH has there. */
final class HostProgram {
    private static final String MISSING = "mpx-is-missing:";
    /** For the host's sh, whatever the login shell is: nothing in it means anything to another shell within single quotes. */
    private static final String SCRIPT = "m=$HOME/.local/bin/mpx; [ -x \"$m\" ] || m=$(command -v mpx) || { echo \"" + MISSING
            + "$PATH\" >&2; exit 127; }; exec \"$m\" \"$@\"";
    /** It may have to start the daemon there. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Endpoint.Ssh endpoint;

    HostProgram(Endpoint.Ssh endpoint) {
        this.endpoint = endpoint;
    }

    /** A command line that runs mpx with these words for the home that the endpoint names. */
    String commandLine(String... words) {
        List<String> all = new ArrayList<>(List.of("sh", "-c", SCRIPT, "mpx"));
        all.addAll(List.of(words));
        endpoint.home().ifPresent(home -> all.addAll(List.of("--home", home)));
        return ShellWords.join(all);
    }

    /**
     * Sees to it that the daemon runs there; blocks.
     *
     * @return the path of its socket for guests
     * @throws SshFailure if it can't be had, with what helps
     */
    String ensure(SshConnection connection) throws SshFailure {
        CommandResult result = connection.run(commandLine("ensure", "--guest"), LIMIT);
        Optional<String> door = result.stdout().lines().filter(line -> line.startsWith("unix:/")).reduce((first, last) -> last);
        if (door.isPresent() && result.status().orElse(-1) == 0) {
            return door.get().substring("unix:".length());
        }
        int missing = result.stderr().indexOf(MISSING);
        if (missing >= 0) {
            throw new SshFailure(SshFailure.Kind.REFUSED, "mpx is not installed on " + endpoint.host() + ": it is neither ~/.local/bin/mpx there nor in PATH, which is "
                    + result.stderr().substring(missing + MISSING.length()).lines().findFirst().orElse("")
                    + " for commands that are run by SSH. Install it there (./install.sh), or link ~/.local/bin/mpx to it.");
        }
        throw new SshFailure(SshFailure.Kind.REFUSED, "mpx on " + endpoint.host() + " can't provide its daemon (mpx ensure --guest, exit status "
                + (result.status().isPresent() ? result.status().getAsInt() : "unknown") + "): "
                + (result.stderr().isEmpty() ? result.stdout() : result.stderr()).strip());
    }
}
