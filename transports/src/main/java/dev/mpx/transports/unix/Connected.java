package dev.mpx.transports.unix;

import dev.mpx.transports.Link;
import dev.mpx.transports.Peer;
import dev.mpx.transports.socket.SocketLink;
import dev.mpx.transports.socket.SocketTransport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.newsclub.net.unix.AFUNIXSocketChannel;
import org.newsclub.net.unix.AFUNIXSocketCredentials;

/** What becomes of a channel that is connected. */
final class Connected {
    private Connected() {}

    /** Who the kernel says is on the other side (SO_PEERCRED: who it was when it connected or listened). */
    static Peer peer(AFUNIXSocketChannel channel) throws IOException {
        AFUNIXSocketCredentials credentials = channel.getPeerCredentials();
        long pid = credentials == null ? -1 : credentials.getPid();
        long uid = credentials == null ? -1 : credentials.getUid();
        return new Peer("unix",
                pid > 0 ? OptionalLong.of(pid) : OptionalLong.empty(),
                uid >= 0 ? OptionalInt.of((int) uid) : OptionalInt.empty());
    }

    /** A link over it; the channel is closed if that fails. On the loop's thread. */
    static Link link(SocketTransport transport, AFUNIXSocketChannel channel) {
        try {
            return new SocketLink(transport, channel, peer(channel));
        } catch (IOException e) {
            discard(channel);
            throw new UncheckedIOException(e);
        }
    }

    static void discard(AFUNIXSocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // nobody has used it: there is nothing to lose
            return;
        }
    }
}
