package dev.mpx.proxy.relay;

import dev.mpx.proxy.guest.HostCommand;
import dev.mpx.proxy.home.Endpoint;
import dev.mpx.transports.ssh.CommandResult;
import dev.mpx.transports.ssh.SshConnection;
import dev.mpx.transports.ssh.SshFailure;
import java.time.Duration;

/** mpx on the host, run over the relay's connection. */
final class HostProgram {
    /** It may have to start the daemon there. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final HostCommand command;

    HostProgram(Endpoint.Ssh endpoint) {
        this.command = new HostCommand(endpoint);
    }

    /** A command line that joins a session's two directions to the daemon there. */
    String connectLine() {
        return command.connect();
    }

    /**
     * Sees to it that the daemon runs there; blocks.
     *
     * @return the path of its socket for guests
     * @throws SshFailure if it can't be had, with what helps
     */
    String ensure(SshConnection connection) throws SshFailure {
        CommandResult result = connection.run(command.ensure(), LIMIT);
        return command.door(result.status(), result.stdout()).orElseThrow(() -> new SshFailure(
                SshFailure.Kind.REFUSED, command.complaint(result.status(), result.stdout(), result.stderr())));
    }
}
