package dev.mpx.proxy.shim;

import dev.mpx.framing.JsonText;
import dev.mpx.framing.JsonValue;
import dev.mpx.proxy.home.BootId;
import dev.mpx.proxy.home.BrokerFile;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/** Speaks the daemon's side of the hello over a JDK socket, then does as its conduct says. One thread a connection. */
final class FakeDaemon implements Closeable {
    private static final String WELCOME = "{\"jsonrpc\":\"2.0\",\"id\":\"mpx-hello\",\"result\":{\"version\":\"dev\",\"pid\":1}}\n";

    /** What it does with a connection. */
    enum Conduct { ECHO, HANG_UP_FIRST, REFUSE, SWALLOW, LINGER, HALF_A_LINE, LISTEN, MUTE, DEAF }

    final BlockingQueue<JsonValue> hellos = new LinkedBlockingQueue<>();
    final BlockingQueue<SocketChannel> connections = new LinkedBlockingQueue<>();
    /** Bytes behind the hello, or behind the first request where that is answered. */
    final AtomicLong received = new AtomicLong();
    /** What was said behind the hellos, where its conduct is to listen. */
    final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    /** One that is mute says nothing to anybody until this is counted down, and then listens; one that is deaf reads nothing, and then echoes. */
    final java.util.concurrent.CountDownLatch speaks = new java.util.concurrent.CountDownLatch(1);
    private final ServerSocketChannel server;
    private final Conduct conduct;
    private final List<SocketChannel> accepted = new java.util.concurrent.CopyOnWriteArrayList<>();
    private boolean hungUp;
    private boolean closed;

    private FakeDaemon(ServerSocketChannel server, Conduct conduct) {
        this.server = server;
        this.conduct = conduct;
    }

    /** One that listens in the home and says so in its broker file. */
    static FakeDaemon in(Path home, Conduct conduct) throws IOException {
        Files.createDirectories(home);
        Path socket = home.resolve("broker.sock");
        Files.deleteIfExists(socket);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket), 512);
        FakeDaemon daemon = new FakeDaemon(server, conduct);
        daemon.run("acceptor", daemon::accept);
        new BrokerFile("0", ProcessHandle.current().pid(), Instant.now(), BootId.current(), List.of("unix:" + socket),
                Optional.empty(), List.of("fake"), Optional.empty()).write(home.resolve("broker.json"));
        return daemon;
    }

    /** As the stub launcher runs it: {@code serve --home H …}. Leaves a line in {@code started} of the home. */
    public static void main(String[] args) throws Exception {
        Path home = Path.of(args[List.of(args).indexOf("--home") + 1]);
        ProcessStat self = ProcessStat.self();
        Files.writeString(home.resolve("started"), self.pid() + " " + self.parent() + " " + String.join(" ", args) + "\n",
                StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        System.out.println("noise of the daemon");
        if (Files.exists(home.resolve("fail"))) {
            System.err.writeBytes("the fake daemon fails\u202e\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            System.exit(7);
        }
        FakeDaemon daemon = in(home, Conduct.ECHO);
        // The tests end it; this is for when they can't any more.
        Thread.sleep(60_000);
        daemon.close();
    }

    private void run(String name, IoRunnable work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException ended) {
                // The other side is gone, or the test is over.
            }
        }, name);
        thread.setDaemon(true);
        thread.start();
    }

    private interface IoRunnable {
        void run() throws IOException;
    }

    private void accept() throws IOException {
        while (true) {
            SocketChannel channel = server.accept();
            synchronized (this) {
                if (closed) { // one that came while it was being closed: Java lets the last in
                    channel.close();
                    return;
                }
                accepted.add(channel);
            }
            run("connection", () -> serve(channel));
        }
    }

    private void serve(SocketChannel channel) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        ByteBuffer one = ByteBuffer.allocate(1);
        while (channel.read(one.clear()) > 0 && one.get(0) != '\n') {
            line.write(one.get(0));
        }
        Optional<JsonValue> hello = JsonValue.parse(line.toByteArray());
        if (hello.isEmpty() || hangsUp()) {
            channel.close();
            return;
        }
        hellos.add(hello.get());
        if (conduct == Conduct.REFUSE) {
            write(channel, ByteBuffer.wrap(("{\"jsonrpc\":\"2.0\",\"id\":\"mpx-hello\",\"error\":{\"code\":-32012,\"message\":"
                    + new String(JsonText.quote("This daemon runs \"a\", you want \"b\"."), StandardCharsets.UTF_8)
                    + ",\"data\":{\"mpx\":{\"reason\":\"other-server\"}}}}\n").getBytes(StandardCharsets.UTF_8)));
            channel.close();
            return;
        }
        if (conduct == Conduct.MUTE) {
            awaitSpeech();
        }
        write(channel, ByteBuffer.wrap(WELCOME.getBytes(StandardCharsets.UTF_8)));
        connections.add(channel);
        if (conduct == Conduct.DEAF) {
            awaitSpeech();
        }
        ByteBuffer chunk = ByteBuffer.allocate(1 << 16);
        if (conduct == Conduct.LISTEN || conduct == Conduct.MUTE) {
            java.io.BufferedReader lines = new java.io.BufferedReader(
                    new java.io.InputStreamReader(java.nio.channels.Channels.newInputStream(channel), StandardCharsets.UTF_8));
            for (String said = lines.readLine(); said != null; said = lines.readLine()) {
                heard.add(said);
            }
            return;
        }
        if (conduct == Conduct.HALF_A_LINE && channel.read(chunk) > 0) {
            write(channel, ByteBuffer.wrap("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n{\"jsonrpc\":".getBytes(StandardCharsets.UTF_8)));
        }
        while (channel.read(chunk.clear()) >= 0) {
            received.addAndGet(chunk.position());
            if (conduct != Conduct.SWALLOW && conduct != Conduct.LINGER && conduct != Conduct.HALF_A_LINE) {
                write(channel, chunk.flip());
            }
        }
        if (conduct != Conduct.LINGER) {
            channel.close();
        }
    }

    private void awaitSpeech() throws IOException {
        try {
            speaks.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private synchronized boolean hangsUp() {
        boolean first = conduct == Conduct.HANG_UP_FIRST && !hungUp;
        hungUp = true;
        return first;
    }

    /** Says something on a connection; without an end of line unless it is given. */
    void say(SocketChannel connection, String text) throws IOException {
        say(connection, text.getBytes(StandardCharsets.UTF_8));
    }

    void say(SocketChannel connection, byte[] bytes) throws IOException {
        write(connection, ByteBuffer.wrap(bytes));
    }

    private static void write(SocketChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (this) {
            closed = true;
        }
        server.close();
        for (SocketChannel connection : accepted) {
            connection.close();
        }
    }
}
