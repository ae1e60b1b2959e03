package dev.mpx.proxy.cli;

import dev.mpx.proxy.home.Endpoint;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;

/**
 * Standard input and output joined to a daemon's socket for guests, byte for byte: what runs on the host where SSH forwards no
 * sockets. It ends when the daemon's side ends; the end of input is passed on.
 */
final class GuestPipe {
    private static final int CHUNK = 64 * 1024;

    private final Endpoint.Unix door;

    GuestPipe(Endpoint.Unix door) {
        this.door = door;
    }

    /** @return the exit status */
    int run() throws IOException {
        try (SocketChannel daemon = SocketChannel.open(StandardProtocolFamily.UNIX);
                FileInputStream in = new FileInputStream(FileDescriptor.in);
                FileOutputStream out = new FileOutputStream(FileDescriptor.out)) {
            daemon.connect(UnixDomainSocketAddress.of(door.path()));
            Thread upwards = new Thread(() -> passOn(in.getChannel(), daemon), "to-daemon");
            upwards.setDaemon(true);
            upwards.start();
            copy(daemon, out.getChannel());
            // what is left of standard input is nobody's, and closing it could wait for a reader that is blocked in it
            Runtime.getRuntime().halt(ExitStatus.WELL);
            return ExitStatus.WELL;
        }
    }

    private static void passOn(ReadableByteChannel agent, SocketChannel daemon) {
        try {
            copy(agent, daemon);
            daemon.shutdownOutput();
        } catch (IOException gone) {
            // the other direction sees it, too
        }
    }

    private static void copy(ReadableByteChannel from, WritableByteChannel to) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocateDirect(CHUNK);
        while (from.read(bytes) >= 0) {
            bytes.flip();
            while (bytes.hasRemaining()) {
                to.write(bytes);
            }
            bytes.clear();
        }
    }
}
