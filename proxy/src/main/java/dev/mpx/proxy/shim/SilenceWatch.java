package dev.mpx.proxy.shim;

import dev.mpx.proxy.home.TcpSilence;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.List;

/** Closes a connection by TCP when its other side has fallen silent; whoever reads from it sees it as lost. Ends with the connection. */
final class SilenceWatch implements Runnable {
    private final SocketChannel channel;

    private SilenceWatch(SocketChannel channel) {
        this.channel = channel;
    }

    static void begin(SocketChannel channel) {
        Thread thread = new Thread(new SilenceWatch(channel), "tcp-silence");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void run() {
        try {
            TcpSilence silence = new TcpSilence();
            List<TcpSilence.Connection> one = List.of(new TcpSilence.Connection(
                    (InetSocketAddress) channel.getLocalAddress(), (InetSocketAddress) channel.getRemoteAddress()));
            while (channel.isOpen()) {
                Thread.sleep(TcpSilence.LOOK.toMillis());
                if (!silence.look(one, System.nanoTime()).isEmpty()) {
                    channel.close();
                }
            }
        } catch (IOException | InterruptedException gone) {
            // so is the need to watch it
        }
    }
}
