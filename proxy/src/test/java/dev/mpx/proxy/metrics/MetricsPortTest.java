package dev.mpx.proxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Metrics by HTTP: for this machine, under its own names. */
@Timeout(30)
class MetricsPortTest {
    private MetricsPort port;

    @BeforeEach
    void open() throws IOException {
        port = MetricsPort.open(0, () -> CompletableFuture.completedFuture("mpx_well 1\n"));
    }

    @AfterEach
    void close() {
        port.close();
    }

    private String ask(String method, String path, String host) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port.port())) {
            String request = method + " " + path + " HTTP/1.1\r\n" + (host.isEmpty() ? "" : "Host: " + host + "\r\n") + "Connection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:9464", "localhost", "LOCALHOST:1", "[::1]:9464"})
    void whoAsksForThisMachineGetsThem(String host) throws IOException {
        assertThat(ask("GET", "/metrics", host)).startsWith("HTTP/1.1 200").contains("text/plain; version=0.0.4; charset=utf-8")
                .endsWith("\r\n\r\nmpx_well 1\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "evil.example:9464", "127.0.0.1.evil.example", "localhost.evil.example:80"})
    void anotherNameIsRefused(String host) throws IOException {
        assertThat(ask("GET", "/metrics", host)).startsWith("HTTP/1.1 403").doesNotContain("mpx_well");
    }

    @Test
    void noNameIsRefused() throws IOException {
        assertThat(ask("GET", "/metrics", "")).startsWith("HTTP/1.1 4").doesNotContain("mpx_well");
    }

    @Test
    void thereIsNothingElse() throws IOException {
        assertThat(ask("GET", "/", "localhost")).startsWith("HTTP/1.1 404");
        assertThat(ask("GET", "/metrics/x", "localhost")).startsWith("HTTP/1.1 404");
        assertThat(ask("POST", "/metrics", "localhost")).startsWith("HTTP/1.1 405").contains("Allow: GET, HEAD");
        assertThat(ask("HEAD", "/metrics", "localhost")).startsWith("HTTP/1.1 200").doesNotContain("mpx_well");
    }

    @Test
    void nobodyElseReachesIt() throws SocketException {
        NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress())
                .forEach(address -> assertThatThrownBy(() -> new Socket(address, port.port()).close()).isInstanceOf(IOException.class));
    }

    @Test
    void aPortThatIsTakenIsSaidToBe() {
        assertThatThrownBy(() -> MetricsPort.open(port.port(), CompletableFuture::new).close()).isInstanceOf(IOException.class);
    }
}
