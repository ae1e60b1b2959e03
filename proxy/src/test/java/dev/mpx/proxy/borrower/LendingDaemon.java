package dev.mpx.proxy.borrower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mpx.framing.JsonText;
import dev.mpx.framing.JsonValue;
import dev.mpx.proxy.home.BootId;
import dev.mpx.proxy.home.BrokerFile;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The daemon's side of docs/jobs.md, as far as a borrower sees it: the test decides what is lent. One thread a connection. */
final class LendingDaemon implements Closeable {
    private static final int PATIENCE_SECONDS = 20;

    final BlockingQueue<Said> returns = new LinkedBlockingQueue<>();
    final BlockingQueue<JsonValue> hellos = new LinkedBlockingQueue<>();
    private final BlockingQueue<Said> borrows = new LinkedBlockingQueue<>();
    private final List<SocketChannel> accepted = new CopyOnWriteArrayList<>();
    private final ServerSocketChannel server;
    private final Path home;
    private boolean answersPings = true;
    private boolean closed;

    private LendingDaemon(ServerSocketChannel server, Path home) {
        this.server = server;
        this.home = home;
    }

    /** One that listens in the home and says so in its broker file. */
    static LendingDaemon in(Path home) throws IOException {
        Files.createDirectories(home);
        Path socket = home.resolve("broker.sock");
        Files.deleteIfExists(socket);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket), 512);
        LendingDaemon daemon = new LendingDaemon(server, home);
        daemon.run("acceptor", daemon::accept);
        new BrokerFile("0", ProcessHandle.current().pid(), Instant.now(), BootId.current(), List.of("unix:" + socket),
                Optional.empty(), List.of("some-server", "--x y"), Optional.empty()).write(home.resolve("broker.json"));
        return daemon;
    }

    /** As the stub launcher runs it, {@code serve --home H …}: lends to whoever asks. */
    public static void main(String[] args) throws Exception {
        Path home = Path.of(args[List.of(args).indexOf("--home") + 1]);
        Files.writeString(home.resolve("started"), ProcessHandle.current().pid() + " " + String.join(" ", args) + "\n");
        try (LendingDaemon daemon = in(home)) {
            // The tests end it; this is for when they can't any more.
            for (Said said = daemon.borrows.poll(60, TimeUnit.SECONDS); said != null; said = daemon.borrows.poll(60, TimeUnit.SECONDS)) {
                said.lend(9);
            }
        }
    }

    LendingDaemon mute() {
        answersPings = false;
        return this;
    }

    /** The next request for the palace. */
    Said borrow() throws InterruptedException {
        Said said = borrows.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(said).as("mpx/borrow in time").isNotNull();
        return said;
    }

    /** The status that comes with the next return. */
    long returned() throws InterruptedException {
        Said said = returns.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(said).as("mpx/return in time").isNotNull();
        return said.number("status");
    }

    boolean isAskedForNothing() {
        return borrows.isEmpty();
    }

    private interface IoRunnable {
        void run() throws IOException;
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

    private void accept() throws IOException {
        while (true) {
            SocketChannel channel = server.accept();
            synchronized (this) {
                if (closed) {
                    channel.close();
                    return;
                }
                accepted.add(channel);
            }
            run("connection", () -> serve(channel));
        }
    }

    private void serve(SocketChannel channel) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            Said said = new Said(channel, home, JsonValue.parse(line.getBytes(StandardCharsets.UTF_8)).orElseThrow());
            switch (said.text("method")) {
                case "mpx/hello" -> {
                    hellos.add(said.message);
                    said.answer("{\"version\":\"dev\",\"pid\":1}");
                }
                case "mpx/borrow" -> borrows.add(said);
                case "mpx/return" -> {
                    returns.add(said);
                    said.answer("{}");
                }
                default -> {
                    if (answersPings) {
                        said.answer("{}");
                    }
                }
            }
        }
        channel.close();
    }

    /** Something a borrower said, and what it is answered. */
    static final class Said {
        final JsonValue message;
        private final SocketChannel channel;
        private final Path home;

        private Said(SocketChannel channel, Path home, JsonValue message) {
            this.channel = channel;
            this.home = home;
            this.message = message;
        }

        private Optional<JsonValue> find(String name) {
            Optional<JsonValue> params = message.get("params");
            Optional<JsonValue> param = params.isPresent() ? params.get().get(name) : Optional.empty();
            return param.isPresent() ? param : message.get(name);
        }

        String text(String name) {
            return find(name).orElseThrow().text().orElseThrow();
        }

        /** -1 when it is not there. */
        long number(String name) {
            return find(name).flatMap(JsonValue::integer).orElse(-1L);
        }

        boolean is(String name) {
            return find(name).orElseThrow().toString().equals("true");
        }

        List<String> words(String name) {
            return find(name).orElseThrow().elements().stream().map(word -> word.text().orElseThrow()).toList();
        }

        void lend(int job) throws IOException {
            answer("{\"outcome\":\"lent\",\"job\":" + job + ",\"locks\":[\"" + home.resolve("child.lock") + "\"]}");
        }

        void queue(String params) throws IOException {
            write("{\"jsonrpc\":\"2.0\",\"method\":\"mpx/queued\",\"params\":" + params + "}\n");
        }

        void refuse(int code, String words) throws IOException {
            write("{\"jsonrpc\":\"2.0\",\"id\":" + message.get("id").orElseThrow() + ",\"error\":{\"code\":" + code + ",\"message\":"
                    + new String(JsonText.quote(words), StandardCharsets.UTF_8) + "}}\n");
        }

        /** Refuses, and waits until the borrower is gone: it would look for another daemon when this one is closed. */
        void dismiss() throws IOException {
            refuse(-32013, "enough");
            await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS).until(() -> !Job.isLiving(number("pid")));
        }

        void answer(String result) throws IOException {
            write("{\"jsonrpc\":\"2.0\",\"id\":" + message.get("id").orElseThrow() + ",\"result\":" + result + "}\n");
        }

        void hangUp() throws IOException {
            channel.close();
        }

        private void write(String line) throws IOException {
            ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (this) {
            closed = true;
        }
        server.close();
        Files.deleteIfExists(home.resolve("broker.sock"));
        for (SocketChannel connection : accepted) {
            connection.close();
        }
    }
}
