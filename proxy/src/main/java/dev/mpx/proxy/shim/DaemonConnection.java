package dev.mpx.proxy.shim;

import dev.mpx.framing.Frame;
import dev.mpx.framing.JsonValue;
import dev.mpx.framing.Message;
import dev.mpx.proxy.home.Endpoint;
import dev.mpx.proxy.home.HomeException;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import jdk.net.ExtendedSocketOptions;

/** A connection to a daemon: first questions of mpx's own, then, if wanted, the raw channel. Not thread-safe. */
public final class DaemonConnection implements Closeable {
    private static final int LONGEST_ANSWER = 16 << 20;

    private final SocketChannel channel;
    private byte[] rest = new byte[0];
    private String daemonVersion = "";

    private DaemonConnection(SocketChannel channel) {
        this.channel = channel;
    }

    /**
     * @throws SilentDaemonException if nobody took the connection within the limit
     * @throws IOException if nobody listens there
     */
    public static DaemonConnection open(Endpoint endpoint, Duration limit) throws IOException {
        if (!(endpoint instanceof Endpoint.Unix unix)) {
            throw new HomeException("mpx can't connect to \"" + endpoint + "\" from here yet; use unix:/path or tcp://HOST:PORT.");
        }
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        connect(channel, UnixDomainSocketAddress.of(unix.path()), limit);
        return new DaemonConnection(channel);
    }

    /**
     * Connects by TCP and shows the token. Whether it is the right one shows when the daemon answers, or hangs up.
     *
     * @param token 64 hexadecimal digits
     * @throws SilentDaemonException if nobody took the connection within the limit
     * @throws IOException if nobody listens there
     */
    static DaemonConnection open(Endpoint.Tcp endpoint, String token, Duration limit) throws IOException {
        InetSocketAddress address = new InetSocketAddress(endpoint.host(), endpoint.port());
        if (address.isUnresolved()) {
            throw new IOException("no address is known for " + endpoint.host());
        }
        SocketChannel channel = SocketChannel.open();
        connect(channel, address, limit);
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            // A daemon whose machine is gone is noticed after 5 + 3 x 3 s.
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            channel.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, 5);
            channel.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, 3);
            channel.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, 3);
            ByteBuffer line = ByteBuffer.wrap(("mpx-token " + token + "\n").getBytes(StandardCharsets.US_ASCII));
            while (line.hasRemaining()) {
                channel.write(line);
            }
            SilenceWatch.begin(channel);
            return new DaemonConnection(channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static void connect(SocketChannel channel, SocketAddress address, Duration limit) throws IOException {
        TimeLimit bound = new TimeLimit(channel, limit);
        try {
            channel.connect(address);
        } catch (IOException | RuntimeException e) {
            channel.close();
            if (bound.expired()) {
                throw new SilentDaemonException();
            }
            throw e;
        } finally {
            bound.close();
        }
    }

    /**
     * Sends one request and reads one line.
     *
     * @param paramsJson valid JSON without line breaks
     * @return the response, with {@code result} or {@code error}
     * @throws EOFException if the daemon hung up instead of answering
     * @throws SilentDaemonException if it did neither within the limit; the connection is closed then
     */
    public JsonValue ask(String id, String method, String paramsJson, Duration limit) throws IOException {
        String request = "{\"jsonrpc\":\"2.0\",\"id\":\"" + id + "\",\"method\":\"" + method + "\",\"params\":" + paramsJson + "}\n";
        TimeLimit bound = new TimeLimit(channel, limit);
        try {
            ByteBuffer bytes = ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            Optional<JsonValue> answer = JsonValue.parse(readLine());
            if (answer.isEmpty()) {
                throw new IOException("the daemon's answer to " + method + " is not JSON");
            }
            return answer.get();
        } catch (IOException e) {
            if (bound.expired()) {
                throw new SilentDaemonException();
            }
            throw e;
        } finally {
            bound.close();
        }
    }

    /**
     * Waits for the next line, for as long as it takes.
     *
     * @throws EOFException if the daemon hung up
     */
    public JsonValue next() throws IOException {
        return JsonValue.parse(readLine()).orElseThrow(() -> new IOException("a line of the daemon is not JSON"));
    }

    /** The daemon hung up, or the connection broke. */
    static final class GoneException extends IOException {
        private static final long serialVersionUID = 1L;

        GoneException(IOException cause) {
            super(cause);
        }
    }

    /**
     * Sends a request as it is and waits for its answer; what comes before that is passed on to the agent.
     *
     * @throws GoneException if the daemon hung up
     * @throws SilentDaemonException if it did not answer within the limit; the connection is closed then
     * @throws IOException if the agent is gone
     */
    Message.Response repeat(Message.Request request, Duration limit, Relay relay) throws IOException {
        TimeLimit bound = new TimeLimit(channel, limit);
        try {
            byte[] json = request.frame().toBytes();
            ByteBuffer bytes = ByteBuffer.allocate(json.length + 1).put(json).put((byte) '\n').flip();
            while (true) {
                byte[] line;
                try {
                    while (bytes.hasRemaining()) {
                        channel.write(bytes);
                    }
                    line = readLine();
                } catch (IOException gone) {
                    throw bound.expired() ? new SilentDaemonException() : new GoneException(gone);
                }
                if (Message.read(Frame.of(line)) instanceof Message.Response answer && answer.id().equals(request.id())) {
                    return answer;
                }
                byte[] other = Arrays.copyOf(line, line.length + 1);
                other[line.length] = '\n';
                relay.toAgent(other);
            }
        } finally {
            bound.close();
        }
    }

    /** The version that the daemon has named in its greeting; empty before that. */
    String daemonVersion() {
        return daemonVersion;
    }

    void introduced(String version) {
        daemonVersion = version;
    }

    private byte[] readLine() throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(8192);
        byte[] line = rest;
        int from = 0;
        while (true) {
            for (int i = from; i < line.length; i++) {
                if (line[i] == '\n') {
                    rest = Arrays.copyOfRange(line, i + 1, line.length);
                    return Arrays.copyOf(line, i);
                }
            }
            from = line.length;
            chunk.clear();
            if (from > LONGEST_ANSWER || channel.read(chunk) < 0) {
                throw new EOFException();
            }
            line = Arrays.copyOf(line, from + chunk.position());
            System.arraycopy(chunk.array(), 0, line, from, chunk.position());
        }
    }

    /** Waits until the daemon closes the connection. @return false if it had not within the limit */
    public boolean awaitEnd(Duration limit) throws IOException {
        TimeLimit bound = new TimeLimit(channel, limit);
        try {
            ByteBuffer chunk = ByteBuffer.allocate(8192);
            while (channel.read(chunk) >= 0) {
                chunk.clear();
            }
            return true;
        } catch (java.nio.channels.ClosedChannelException tooLong) {
            return false;
        } catch (IOException reset) {
            return true;
        } finally {
            bound.close();
        }
    }

    /** The channel, for relaying. */
    SocketChannel channel() {
        return channel;
    }

    /** What came behind the answers read so far. */
    byte[] rest() {
        return rest;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
