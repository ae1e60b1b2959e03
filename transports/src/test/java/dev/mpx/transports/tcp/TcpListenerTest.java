package dev.mpx.transports.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mpx.framing.Frame;
import dev.mpx.transports.ByteBudget;
import dev.mpx.transports.Closed;
import dev.mpx.transports.Link;
import dev.mpx.transports.LinkLimits;
import dev.mpx.transports.OnLoop;
import dev.mpx.transports.Received;
import dev.mpx.transports.loop.EventLoop;
import dev.mpx.transports.socket.SocketTransport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class TcpListenerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Token token = Token.random(new SecureRandom());
    private final BlockingQueue<Link> accepted = new LinkedBlockingQueue<>();
    private final List<Socket> clients = new ArrayList<>();
    private EventLoop loop;
    private OnLoop on;
    private TcpListener listener;

    @BeforeEach
    void listen() throws IOException {
        loop = EventLoop.start("test-tcp");
        on = new OnLoop(loop);
        SocketTransport transport = new SocketTransport(loop, new ByteBudget(64 << 20), LinkLimits.STANDARD);
        listener = TcpListener.listen(transport, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), token, accepted::add)
                .block();
    }

    @AfterEach
    void close() throws IOException {
        for (Socket client : clients) {
            client.close();
        }
        loop.close();
    }

    private Socket client() throws IOException {
        Socket client = new Socket();
        client.connect(listener.address(), (int) PATIENCE.toMillis());
        client.setSoTimeout((int) PATIENCE.toMillis());
        clients.add(client);
        return client;
    }

    private static void say(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    private String greeting() {
        return "mpx-token " + token.digits() + "\n";
    }

    private Link accepted() throws InterruptedException {
        Link link = accepted.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(link).as("a link").isNotNull();
        return link;
    }

    /** Whether the connection is closed without one byte. */
    private static boolean isClosedWithoutAWord(Socket client) throws IOException {
        try {
            return client.getInputStream().read() == -1;
        } catch (SocketException reset) {
            return true; // what it said was not read to its end
        }
    }

    @Test
    void whoShowsTheTokenIsLetInAsAGuestAndWhatItSaysNextIsItsFirstLine() throws Exception {
        Socket client = client();
        say(client, greeting() + "hello\nworld\n");
        Link link = accepted();
        Received received = Received.all();
        on.run(() -> link.lines().subscribe(received));
        assertThat(received.awaitLines(2).texts()).containsExactly("hello", "world");
        assertThat(link.peer().isGuest()).isTrue();
        assertThat(link.peer().transport()).isEqualTo("tcp");
        on.run(() -> link.send(Frame.of("answer")));
        assertThat(new String(client.getInputStream().readNBytes(7), StandardCharsets.UTF_8)).isEqualTo("answer\n");
        assertThat(listener.refused()).isZero();
    }

    @Test
    void aTokenThatComesByteByByteIsOneToo() throws Exception {
        Socket client = client();
        client.setTcpNoDelay(true);
        for (char c : greeting().toCharArray()) {
            say(client, String.valueOf(c));
        }
        assertThat(accepted()).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "\n", "mpx-token \n", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\n", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "mpx-token 0000000000000000000000000000000000000000000000000000000000000000\n",
        "mpx-token 00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000\n"
    })
    void anythingElseIsClosedWithoutAWordAndCounted(String first) throws Exception {
        Socket client = client();
        say(client, first);
        assertThat(isClosedWithoutAWord(client)).isTrue();
        await().until(() -> listener.refused() == 1);
        assertThat(accepted).isEmpty();
    }

    @Test
    void neitherTheTokensBeginningNorTheTokenWithMoreInItsLineIsEnough() throws Exception {
        for (String first : List.of(
                greeting().substring(0, 73) + "\n", greeting().replace("\n", " \n"), greeting().replace("\n", "\r\n"),
                greeting().toUpperCase(java.util.Locale.ROOT), " " + greeting())) {
            Socket client = client();
            say(client, first);
            assertThat(isClosedWithoutAWord(client)).as(first).isTrue();
        }
        assertThat(accepted).isEmpty();
    }

    @Test
    void whoIsTooSlowIsClosedAfterFiveSeconds() throws Exception {
        Socket silent = client();
        Socket slow = client();
        say(slow, greeting().substring(0, 74));
        long begin = System.nanoTime();
        assertThat(isClosedWithoutAWord(silent)).isTrue();
        assertThat(isClosedWithoutAWord(slow)).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(9));
        await().until(() -> listener.refused() == 2);
    }

    @Test
    void whoHasWaitedLongestWithoutATokenGivesWayToTheSixtyFifth() throws Exception {
        Socket first = client();
        for (int i = 1; i < TcpListener.NEWCOMERS; i++) {
            client();
        }
        Socket last = client();
        assertThat(isClosedWithoutAWord(first)).isTrue();
        say(last, greeting());
        assertThat(accepted()).isNotNull();
        assertThat(listener.refused()).isEqualTo(1);
    }

    @Test
    void megabytesPassBothWaysThoughTheReaderIsSlow() throws Exception {
        Socket client = client();
        say(client, greeting());
        Link link = accepted();
        Received received = new Received(0);
        on.run(() -> link.lines().subscribe(received));
        String large = "x".repeat(5 << 20);
        Thread writer = new Thread(() -> {
            try {
                say(client, large + "\n" + large + "\n");
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        writer.start();
        on.run(() -> received.request(1));
        assertThat(received.awaitLines(1).texts().get(0)).hasSize(large.length());
        on.run(() -> received.request(1));
        received.awaitLines(2);
        writer.join();
        on.run(() -> link.send(Frame.of(large)));
        assertThat(client.getInputStream().readNBytes(large.length() + 1)).hasSize(large.length() + 1);
        assertThat(on.get(link::pending)).isZero();
    }

    @Test
    void theEndOfItsStreamAndThenItsDepartureAreSeen() throws Exception {
        Socket client = client();
        say(client, greeting() + "last\n");
        Link link = accepted();
        Received received = Received.all();
        on.run(() -> link.lines().subscribe(received));
        client.shutdownOutput();
        received.awaitCompletion();
        on.run(() -> link.send(Frame.of("still heard")));
        assertThat(new String(client.getInputStream().readNBytes(12), StandardCharsets.UTF_8)).isEqualTo("still heard\n");
        on.run(link::close);
        assertThat(client.getInputStream().read()).isEqualTo(-1);
        assertThat(link.closed().block(PATIENCE)).extracting(Closed::cause).isEqualTo(Closed.Cause.LOCAL);
    }

    @Test
    void aResetIsThePeersDoing() throws Exception {
        Socket client = client();
        say(client, greeting());
        Link link = accepted();
        on.run(() -> link.lines().subscribe(Received.all()));
        client.setSoLinger(true, 0);
        client.close();
        assertThat(link.closed().block(PATIENCE)).extracting(Closed::cause).isEqualTo(Closed.Cause.PEER);
    }

    @Test
    void afterClosingNobodyIsLetInAndEarlierLinksLiveOn() throws Exception {
        Socket client = client();
        say(client, greeting());
        Link link = accepted();
        Socket waiting = client();
        say(waiting, "mpx-");
        on.run(() -> {});
        listener.close();
        assertThat(isClosedWithoutAWord(waiting)).isTrue();
        await().until(() -> {
            try {
                return isClosedWithoutAWord(client());
            } catch (IOException refused) {
                return true;
            }
        });
        on.run(() -> link.send(Frame.of("alive")));
        assertThat(new String(client.getInputStream().readNBytes(6), StandardCharsets.UTF_8)).isEqualTo("alive\n");
    }

    @Test
    void theEndOfTheLoopClosesEverything() throws Exception {
        Socket client = client();
        say(client, greeting());
        accepted();
        Socket waiting = client();
        say(waiting, "mpx-");
        loop.close();
        assertThat(isClosedWithoutAWord(client)).isTrue();
        assertThat(isClosedWithoutAWord(waiting)).isTrue();
    }

    @Test
    void theDigitsAreTwoHundredAndFiftySixBitsAndNotInAnyLog() {
        assertThat(token.digits()).matches("[0-9a-f]{64}").isNotEqualTo(Token.random(new SecureRandom()).digits());
        assertThat(token.toString()).doesNotContain(token.digits());
    }
}
