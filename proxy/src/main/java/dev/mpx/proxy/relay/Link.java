package dev.mpx.proxy.relay;

import dev.mpx.transports.ssh.SshConnection;
import dev.mpx.transports.ssh.SshFailure;
import dev.mpx.transports.ssh.SshStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection to the host, where a daemon was seen to run. Blocks; any thread. */
final class Link {
    private static final Logger LOG = LoggerFactory.getLogger(Link.class);
    private static final Duration ANSWER = Duration.ofSeconds(9);

    /** A stream on which the host's daemon has answered a question. */
    record Answered(HostStream stream, byte[] answer) {}

    private final SshConnection connection;
    private final HostProgram program;
    private final Instant since = Instant.now();
    private String door;
    private long doorSeen;
    /** Whether sshd forwards no sockets: each session runs {@code mpx connect --guest} then. */
    private volatile boolean forbidsSockets;

    Link(SshConnection connection, HostProgram program) throws SshFailure {
        this.connection = connection;
        this.program = program;
        look();
    }

    /** Completes with the reason when it is gone. */
    CompletableFuture<String> ended() {
        return connection.ended();
    }

    Instant since() {
        return since;
    }

    boolean forbidsSockets() {
        return forbidsSockets;
    }

    private synchronized void look() throws SshFailure {
        door = program.ensure(connection);
        doorSeen = System.nanoTime();
    }

    /** The daemon may have left since it was looked for. Of many who find that, one looks. */
    private synchronized void lookAgain(long begun) throws SshFailure {
        if (doorSeen - begun < 0) {
            look();
        }
    }

    private synchronized String door() {
        return door;
    }

    /**
     * Puts a question to the daemon, on a new stream.
     *
     * @throws SshFailure if there is no answer to be had
     */
    Answered ask(byte[] question) throws SshFailure {
        if (!forbidsSockets) {
            long begun = System.nanoTime();
            Optional<Answered> answered = tryToAsk(question, false);
            if (answered.isEmpty()) {
                lookAgain(begun);
                answered = tryToAsk(question, false);
            }
            if (answered.isPresent()) {
                return answered.get();
            }
        }
        Optional<Answered> answered = tryToAsk(question, true);
        if (answered.isEmpty()) {
            throw new SshFailure(SshFailure.Kind.REFUSED, "The host opens no stream to its daemon: neither to the socket " + door()
                    + " (AllowStreamLocalForwarding in its sshd_config) nor by \"mpx connect --guest\".");
        }
        if (!forbidsSockets) {
            forbidsSockets = true;
            LOG.info("the host forwards no sockets; sessions run mpx connect --guest there");
        }
        return answered.get();
    }

    /** Empty if that way is closed, or leads to a daemon that is gone. */
    private Optional<Answered> tryToAsk(byte[] question, boolean byCommand) throws SshFailure {
        HostStream stream = new HostStream();
        CompletableFuture<SshStream> opening = byCommand
                ? connection.openCommand(program.connectLine(), stream)
                : connection.openSocket(door(), stream);
        try {
            stream.opened(opening.get());
        } catch (ExecutionException notOpened) {
            if (connection.ended().isDone()) {
                throw new SshFailure(SshFailure.Kind.UNREACHABLE, "The connection to the host is gone: " + connection.ended().join());
            }
            LOG.info("no stream: {}", notOpened.getCause().getMessage());
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SshFailure(SshFailure.Kind.UNREACHABLE, "interrupted");
        }
        Optional<byte[]> answer = stream.ask(question, ANSWER);
        if (answer.isEmpty()) {
            stream.stream().close();
        }
        return answer.map(line -> new Answered(stream, line));
    }

    void close() {
        connection.close();
    }
}
