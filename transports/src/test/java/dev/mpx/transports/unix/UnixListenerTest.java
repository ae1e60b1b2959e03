package dev.mpx.transports.unix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mpx.framing.Frame;
import dev.mpx.transports.Link;
import dev.mpx.transports.LinkLimits;
import dev.mpx.transports.Received;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class UnixListenerTest {
    private static final LinkLimits LIMITS = LinkLimits.STANDARD;

    private Sockets sockets;

    @BeforeEach
    void listen() throws Exception {
        sockets = new Sockets(64 << 20, LIMITS);
    }

    @AfterEach
    void close() throws Exception {
        sockets.close();
    }

    @Test
    void theSocketIsForItsOwnerOnly() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(sockets.path))).isEqualTo("rw-------");
        try (var files = Files.list(sockets.directory)) {
            assertThat(files).as("nothing else is left").containsExactly(sockets.path);
        }
    }

    @Test
    void aClientOfAnotherUserIsClosedAtOnceAndCounted() throws Exception {
        try (Sockets foreign = new Sockets(1 << 20, LIMITS, Sockets.OWNER + 1)) {
            SocketChannel client = foreign.client();
            assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(-1);
            assertThat(foreign.listener.refused()).isEqualTo(1);
        }
    }

    @Test
    void aProcessOfAnotherUidIsRefused() throws Exception {
        assumeTrue(Sockets.OWNER == 0 && Files.isExecutable(Path.of("/usr/bin/setpriv"))
                && Files.isExecutable(Path.of("/usr/bin/perl")), "needs root, setpriv and perl");
        Files.setPosixFilePermissions(sockets.directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(sockets.path, PosixFilePermissions.fromString("rw-rw-rw-"));
        Process stranger = new ProcessBuilder("/usr/bin/setpriv", "--reuid", "65534", "--clear-groups", "/usr/bin/perl",
                "-MIO::Socket::UNIX", "-e",
                "alarm 5; my $s = IO::Socket::UNIX->new(Peer => $ARGV[0]) or exit 7; print defined(getc($s)) ? 'in' : 'refused'",
                sockets.path.toString()).redirectErrorStream(true).start();
        String said = new String(stranger.getInputStream().readAllBytes());
        assertThat(stranger.waitFor(5, TimeUnit.SECONDS)).isTrue();
        assertThat(said).isEqualTo("refused");
        assertThat(sockets.listener.refused()).isEqualTo(1);
    }

    @Test
    void aStaleSocketIsReplacedAndSomethingElseIsNot() throws Exception {
        sockets.on.run(() -> {});
        UnixListener second = UnixListener.listen(sockets.transport, sockets.path, Sockets.OWNER, Link::abort).block();
        assertThat(sockets.client().read(ByteBuffer.allocate(1))).isEqualTo(-1);
        second.close();
        Path plain = Files.writeString(sockets.directory.resolve("plain"), "precious");
        assertThatThrownBy(() -> UnixListener.listen(sockets.transport, plain, Sockets.OWNER, Link::abort).block())
                .hasCauseInstanceOf(FileAlreadyExistsException.class);
        assertThat(plain).hasContent("precious");
        Files.delete(plain);
    }

    @Test
    void afterClosingNobodyIsLetInAndEarlierLinksLiveOn() throws Exception {
        SocketChannel client = sockets.client();
        Link link = sockets.accepted();
        sockets.listener.close();
        sockets.on.run(() -> {});
        assertThatThrownBy(sockets::client).isInstanceOf(java.net.ConnectException.class);
        assertThat(sockets.path).as("unlinked only if asked").exists();
        sockets.on.run(() -> link.send(Frame.of("alive")));
        assertThat(Sockets.read(client, 6)).isEqualTo("alive\n");
    }

    @Test
    void unlinkingIsDoneWhenAskedFor() throws Exception {
        sockets.listener.closeAndUnlink();
        assertThat(sockets.path).doesNotExist();
    }

    @Test
    void theFileOfASuccessorIsNotUnlinked() throws Exception {
        Files.delete(sockets.path);
        UnixListener successor = UnixListener.listen(sockets.transport, sockets.path, Sockets.OWNER, Link::abort).block();
        sockets.listener.closeAndUnlink();
        assertThat(sockets.path).exists();
        successor.closeAndUnlink();
        assertThat(sockets.path).doesNotExist();
    }

    @Test
    void twoHundredClientsInOneInstantAreAllLetIn() throws Exception {
        for (int i = 0; i < 200; i++) {
            sockets.client();
        }
        for (int i = 0; i < 200; i++) {
            sockets.accepted();
        }
    }

    @Test
    void theDialerMakesALinkToo() throws Exception {
        Link dialed = new UnixDialer(sockets.transport).dial(sockets.path).block(Duration.ofSeconds(5));
        Link accepted = sockets.accepted();
        Received received = Received.all();
        sockets.on.run(() -> {
            accepted.lines().subscribe(received);
            dialed.send(Frame.of("hello"));
        });
        assertThat(received.awaitLines(1).texts()).containsExactly("hello");
        assertThat(dialed.peer().pid()).hasValue(ProcessHandle.current().pid());
        sockets.on.run(dialed::close);
        received.awaitCompletion();
        await().until(() -> accepted.closed().blockOptional(Duration.ofSeconds(5)).isPresent());
    }

    @Test
    void dialingNowhereIsAnError() {
        assertThatThrownBy(() -> new UnixDialer(sockets.transport).dial(sockets.directory.resolve("none"))
                .block(Duration.ofSeconds(5))).hasCauseInstanceOf(java.io.IOException.class);
    }
}
