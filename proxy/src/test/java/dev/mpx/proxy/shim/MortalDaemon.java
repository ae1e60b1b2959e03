package dev.mpx.proxy.shim;

import dev.mpx.framing.JsonValue;
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
import java.util.Random;

/**
 * A daemon that answers every request, shortly or at great length, and dies after some number of bytes, wherever it
 * then is. After so many lives it is immortal.
 */
final class MortalDaemon implements Closeable {
    private final ServerSocketChannel server;
    private final Random random;
    private final int lives;
    private volatile int deaths; // one thread writes it

    private MortalDaemon(ServerSocketChannel server, int lives, long seed) {
        this.server = server;
        this.lives = lives;
        random = new Random(seed);
    }

    static MortalDaemon at(Path socket, int lives, long seed) throws IOException {
        Files.createDirectories(socket.getParent());
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        MortalDaemon daemon = new MortalDaemon(server, lives, seed);
        Thread thread = new Thread(daemon::live, "mortal");
        thread.setDaemon(true);
        thread.start();
        return daemon;
    }

    /** A size from 1 to about 3 MiB, each order of magnitude as likely as the other. */
    static int anySize(Random random) {
        return (int) Math.pow(2, random.nextDouble() * 21.5);
    }

    private void live() {
        while (server.isOpen()) {
            try (SocketChannel connection = server.accept()) {
                serve(connection, deaths < lives ? anySize(random) * 2L : Long.MAX_VALUE);
            } catch (IOException gone) {
                // The shim, or all of it.
            }
        }
    }

    private void serve(SocketChannel connection, long bytesToLive) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(Channels.newInputStream(connection), StandardCharsets.UTF_8));
        long left = bytesToLive;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            JsonValue request = JsonValue.parse(line.getBytes(StandardCharsets.UTF_8)).orElseThrow();
            if (request.get("id").isPresent()) {
                byte[] answer = answer(request);
                ByteBuffer bytes = ByteBuffer.wrap(answer, 0, (int) Math.min(answer.length, left));
                left -= bytes.remaining();
                while (bytes.hasRemaining()) {
                    connection.write(bytes);
                }
                if (left == 0) {
                    deaths++;
                    return;
                }
            }
        }
    }

    private byte[] answer(JsonValue request) {
        boolean isOpening = !request.get("method").orElseThrow().text().orElseThrow().equals("m");
        String words = isOpening ? "" : "r".repeat(anySize(random));
        return ("{\"jsonrpc\":\"2.0\",\"id\":" + request.get("id").orElseThrow() + ",\"result\":{\"version\":\"dev\",\"length\":" + words.length()
                + ",\"words\":\"" + words + "\"}}\n").getBytes(StandardCharsets.UTF_8);
    }

    int deaths() {
        return deaths;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
