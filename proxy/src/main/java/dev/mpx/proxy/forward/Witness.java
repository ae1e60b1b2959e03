package dev.mpx.proxy.forward;

import dev.mpx.framing.JsonText;
import dev.mpx.framing.JsonValue;
import dev.mpx.proxy.home.MachineName;
import dev.mpx.proxy.home.Version;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * A session of mpx's own through the forwarded socket: it shows that there is a daemon at its other end, and when there is none
 * any more. As long as it is there that daemon does not leave for want of sessions, which nobody at this end could have started
 * again. One thread.
 */
final class Witness implements AutoCloseable {
    private static final int LONGEST = 1 << 20;

    private final SocketChannel channel;
    private final Selector selector;
    private final StringBuilder heard = new StringBuilder();
    private final Queue<String> lines = new ArrayDeque<>();
    private int asked;

    private Witness(SocketChannel channel, Selector selector) {
        this.channel = channel;
        this.selector = selector;
    }

    /** @throws IOException if nobody answers there within the limit */
    static Witness open(Path socket, Duration limit) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        Selector selector = Selector.open();
        Witness witness = new Witness(channel, selector);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            JsonValue answer = witness.ask("mpx/hello", hello(), limit);
            if (answer.get("result").isEmpty()) {
                throw new IOException("the daemon takes no session: " + answer);
            }
            return witness;
        } catch (IOException | RuntimeException e) {
            witness.close();
            throw e;
        }
    }

    private static String hello() {
        return "{\"version\":" + quote(Version.current()) + ",\"client\":{\"pid\":" + ProcessHandle.current().pid()
                + ",\"parent\":\"mpx forward\",\"host\":" + quote(MachineName.get()) + "}}";
    }

    /** A question by which a daemon can be told from a socket. */
    static String ping() {
        return "{\"jsonrpc\":\"2.0\",\"id\":\"mpx-ping\",\"method\":\"ping\",\"params\":{}}\n";
    }

    private static String quote(String text) {
        return new String(JsonText.quote(text), StandardCharsets.UTF_8);
    }

    /** @throws IOException if the daemon does not answer within the limit, or is gone */
    void ping(Duration limit) throws IOException {
        ask("ping", "{}", limit);
    }

    private JsonValue ask(String method, String params, Duration limit) throws IOException {
        String id = "mpx-" + ++asked;
        ByteBuffer line = ByteBuffer.wrap(("{\"jsonrpc\":\"2.0\",\"id\":\"" + id + "\",\"method\":\"" + method + "\",\"params\":" + params + "}\n")
                .getBytes(StandardCharsets.UTF_8));
        channel.write(line);
        if (line.hasRemaining()) {
            throw new IOException("the daemon takes nothing");
        }
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            for (String text = lines.poll(); text != null; text = lines.poll()) {
                JsonValue answer = JsonValue.parse(text.getBytes(StandardCharsets.UTF_8)).orElseThrow(() -> new IOException("no JSON"));
                if (answer.get("id").flatMap(JsonValue::text).filter(id::equals).isPresent()) {
                    return answer;
                }
            }
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new IOException("the daemon has not answered for " + limit.toSeconds() + " s");
            }
            read(left);
        }
    }

    /** Waits that long, or until the connection ends. @throws IOException if it has */
    void watch(Duration time) throws IOException {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toMillis(); left > 0; left = (end - System.nanoTime()) / 1_000_000) {
            read(left);
            lines.clear();
        }
    }

    private void read(long millis) throws IOException {
        if (selector.select(key -> { }, millis) == 0) {
            if (Thread.currentThread().isInterrupted()) {
                throw new IOException("interrupted");
            }
            return;
        }
        ByteBuffer chunk = ByteBuffer.allocate(8192);
        if (channel.read(chunk) < 0) {
            throw new EOFException("the connection was closed");
        }
        heard.append(new String(chunk.array(), 0, chunk.position(), StandardCharsets.UTF_8));
        for (int newline = heard.indexOf("\n"); newline >= 0; newline = heard.indexOf("\n")) {
            lines.add(heard.substring(0, newline));
            heard.delete(0, newline + 1);
        }
        if (heard.length() > LONGEST) {
            throw new IOException("too long an answer");
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
        selector.close();
    }
}
