package dev.mpx.proxy.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * {@code GET /metrics} on the loopback interface, for whoever is on this machine. A web page that has a browser ask under a
 * name of its own (DNS rebinding) is refused by the name.
 */
public final class MetricsPort implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final int WAITING = 8;
    private static final Set<String> OWN_NAMES = Set.of("127.0.0.1", "localhost", "[::1]");

    private final HttpServer server;
    private final ExecutorService worker;
    private final Supplier<CompletableFuture<String>> text;

    private MetricsPort(HttpServer server, Supplier<CompletableFuture<String>> text) {
        this.server = server;
        this.text = text;
        worker = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "mpx-metrics");
            thread.setDaemon(true);
            return thread;
        });
        server.setExecutor(worker);
        server.createContext("/", this::answer);
        server.start();
    }

    /**
     * @param port from 1 on; 0 for any
     * @param text called for each request
     * @throws IOException if the port is taken
     */
    public static MetricsPort open(int port, Supplier<CompletableFuture<String>> text) throws IOException {
        // read once, before the first server: how many seconds a client may take to ask and to read
        System.setProperty("sun.net.httpserver.maxReqTime", Long.toString(LIMIT.toSeconds()));
        System.setProperty("sun.net.httpserver.maxRspTime", Long.toString(LIMIT.toSeconds()));
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        return new MetricsPort(HttpServer.create(new InetSocketAddress(loopback, port), WAITING), text);
    }

    public int port() {
        return server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            boolean isHead = exchange.getRequestMethod().equals("HEAD");
            if (!isOwnName(exchange)) {
                send(exchange, 403, "Ask for 127.0.0.1 or localhost.\n", false);
            } else if (!exchange.getRequestURI().getPath().equals("/metrics")) {
                send(exchange, 404, "There is nothing but /metrics.\n", isHead);
            } else if (!isHead && !exchange.getRequestMethod().equals("GET")) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                send(exchange, 405, "Only GET and HEAD.\n", false);
            } else {
                sendMetrics(exchange, isHead);
            }
        }
    }

    private void sendMetrics(HttpExchange exchange, boolean isHead) throws IOException {
        try {
            send(exchange, 200, text.get().get(LIMIT.toMillis(), TimeUnit.MILLISECONDS), isHead);
        } catch (TimeoutException | ExecutionException late) {
            send(exchange, 503, "The daemon has no metrics: " + late + "\n", isHead);
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            send(exchange, 503, "The daemon leaves.\n", isHead);
        }
    }

    private static boolean isOwnName(HttpExchange exchange) {
        String host = exchange.getRequestHeaders().getFirst("Host");
        return host != null && OWN_NAMES.contains(host.replaceFirst(":\\d+$", "").toLowerCase(java.util.Locale.ROOT));
    }

    private static void send(HttpExchange exchange, int status, String text, boolean headersOnly) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", (status == 200 ? "text/plain; version=0.0.4" : "text/plain") + "; charset=utf-8");
        exchange.sendResponseHeaders(status, headersOnly ? -1 : bytes.length);
        if (!headersOnly) {
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        worker.shutdownNow();
    }
}
