package dev.mpx.transports.ssh;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.AbstractClientChannel;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.AttributeRepository;
import org.apache.sshd.common.session.ConnectionService;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.common.util.net.SshdSocketAddress;

/**
 * One connection to a host, through other hosts if need be, authenticated at every step. Any thread; {@link #open} and
 * {@link #run} block.
 */
public final class SshConnection implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration AUTHENTICATE = Duration.ofSeconds(10);
    private static final Duration OPEN = Duration.ofSeconds(10);
    private static final int MOST_PRINTED = 64 * 1024;

    private final SshClient client;
    private final ClientSession session;
    private final CompletableFuture<String> ended = new CompletableFuture<>();
    private volatile String trouble = "the host closed the connection";

    private SshConnection(SshClient client, ClientSession session) {
        this.client = client;
        this.session = session;
        session.addSessionListener(new SessionListener() {
            @Override
            public void sessionException(Session one, Throwable cause) {
                trouble = String.valueOf(cause.getMessage());
            }
        });
        session.addCloseFutureListener(closed -> ended.complete(trouble));
    }

    /** @throws SshFailure that says what is wrong and what helps */
    public static SshConnection open(SshTarget target, SshUser user) throws SshFailure {
        List<HostSettings> route = Route.to(target, new SshConfig(user));
        SshClient client = Client.start();
        try {
            SshdSocketAddress address = null;
            ClientSession session = null;
            for (int i = 0; i < route.size(); i++) {
                HostSettings host = route.get(i);
                address = i == 0 ? new SshdSocketAddress(host.hostName(), host.port()) : through(session, host);
                session = connect(client, address, Hop.to(host));
            }
            return new SshConnection(client, session);
        } catch (SshFailure | RuntimeException e) {
            client.close(true);
            throw e;
        }
    }

    /** A port of this machine that leads to the next host, through the one that is reached already. */
    private static SshdSocketAddress through(ClientSession session, HostSettings next) throws SshFailure {
        try {
            return session.startLocalPortForwarding(new SshdSocketAddress("127.0.0.1", 0), new SshdSocketAddress(next.hostName(), next.port()));
        } catch (IOException e) {
            throw new SshFailure(SshFailure.Kind.REFUSED, "The way to " + next.target() + " through another host can't be set up: " + e.getMessage() + ".", e);
        }
    }

    private static ClientSession connect(SshClient client, SshdSocketAddress at, Hop hop) throws SshFailure {
        HostSettings host = hop.host();
        String where = host.target() + " (" + host.hostName() + " port " + host.port() + ")";
        SocketAddress address = new InetSocketAddress(at.getHostName(), at.getPort());
        ClientSession session;
        try {
            session = client.connect(host.user(), address, AttributeRepository.ofKeyValuePair(Hop.KEY, hop))
                    .verify(CONNECT).getSession();
        } catch (IOException | RuntimeException e) {
            throw new SshFailure(SshFailure.Kind.UNREACHABLE, "No SSH server can be reached at " + where + ": " + reason(e) + ".", e);
        }
        try {
            session.auth().verify(AUTHENTICATE);
            return session;
        } catch (IOException | RuntimeException e) {
            session.close(true);
            if (hop.check().refusal().isPresent()) {
                throw new SshFailure(SshFailure.Kind.HOST_KEY, hop.check().refusal().get(), e);
            }
            String tried = hop.identities().told();
            if (reason(e).toLowerCase(java.util.Locale.ROOT).contains("authentication")) {
                throw new SshFailure(SshFailure.Kind.AUTHENTICATION, where + " does not let user " + host.user() + " in. " + tried
                        + " Put a key's public line into ~/.ssh/authorized_keys there, or name another key here.", e);
            }
            throw new SshFailure(SshFailure.Kind.UNREACHABLE, "The SSH connection to " + where + " was given up: " + reason(e) + ".", e);
        }
    }

    private static String reason(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        return cause instanceof java.nio.channels.UnresolvedAddressException ? "no such host"
                : cause instanceof TimeoutException ? "no answer within " + CONNECT.toSeconds() + " s"
                : cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    /** Completes with the reason when the connection is gone, however it went. */
    public CompletableFuture<String> ended() {
        return ended;
    }

    /**
     * Runs a command with nothing on its standard input; blocks until it has ended.
     *
     * @throws SshFailure if it can't be started, or takes longer
     */
    public CommandResult run(String command, Duration limit) throws SshFailure {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        CompletableFuture<Void> closed = new CompletableFuture<>();
        CompletableFuture<SshStream> self = new CompletableFuture<>();
        CommandChannel channel = new CommandChannel(command, new SshStream.Receiver() {
            @Override
            public void received(byte[] bytes, int from, int length) {
                synchronized (printed) {
                    printed.write(bytes, from, Math.min(length, MOST_PRINTED - printed.size()));
                }
                self.thenAccept(stream -> stream.taken(length));
            }

            @Override
            public void ended() {
                // its status comes next
            }

            @Override
            public void closed() {
                closed.complete(null);
            }
        });
        self.complete(channel.stream());
        try {
            register(channel);
            channel.open().verify(OPEN);
            channel.stream().end();
            closed.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            synchronized (printed) {
                Integer status = channel.getExitStatus();
                return new CommandResult(status == null ? OptionalInt.empty() : OptionalInt.of(status),
                        printed.toString(StandardCharsets.UTF_8), channel.errors());
            }
        } catch (TimeoutException late) {
            channel.close(true);
            throw new SshFailure(SshFailure.Kind.REFUSED, "A command on the host took longer than " + limit.toSeconds() + " s.", late);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            channel.close(true);
            throw new SshFailure(SshFailure.Kind.UNREACHABLE, "interrupted", e);
        } catch (Exception e) {
            channel.close(true);
            throw failure("A command can't be run on the host: ", e);
        }
    }

    /** A stream to a UNIX socket on the host; fails with {@link SshFailure} if there is none, or it is forbidden. */
    public CompletableFuture<SshStream> openSocket(String path, SshStream.Receiver receiver) {
        SocketChannelOfHost channel = new SocketChannelOfHost(path, receiver);
        return open(channel, channel.stream(), "The host opens no stream to its socket " + path + ": ");
    }

    /** A stream to a command's standard input and output. */
    public CompletableFuture<SshStream> openCommand(String command, SshStream.Receiver receiver) {
        CommandChannel channel = new CommandChannel(command, receiver);
        return open(channel, channel.stream(), "A command can't be run on the host: ");
    }

    private CompletableFuture<SshStream> open(AbstractClientChannel channel, SshStream stream, String otherwise) {
        CompletableFuture<SshStream> opened = new CompletableFuture<>();
        try {
            register(channel);
            channel.open().addListener(result -> {
                if (result.isOpened()) {
                    opened.complete(stream);
                } else {
                    opened.completeExceptionally(failure(otherwise, result.getException()));
                }
            });
        } catch (IOException | RuntimeException e) {
            opened.completeExceptionally(failure(otherwise, e));
        }
        return opened.orTimeout(OPEN.toMillis(), TimeUnit.MILLISECONDS).whenComplete((one, late) -> {
            if (late != null) {
                channel.close(true);
            }
        });
    }

    private SshFailure failure(String what, Throwable cause) {
        boolean isThere = session.isOpen();
        return new SshFailure(isThere ? SshFailure.Kind.REFUSED : SshFailure.Kind.UNREACHABLE,
                what + (isThere ? reason(cause) : "the connection is gone") + ".", cause);
    }

    private void register(AbstractClientChannel channel) throws IOException {
        ConnectionService service = session.getService(ConnectionService.class);
        service.registerChannel(channel);
    }

    /** Ends it and all that runs over it, at once. Idempotent. */
    @Override
    public void close() {
        session.close(true);
        client.close(true);
    }
}
