package dev.mpx.proxy.whole;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** A program that pings the socket or the port of this machine that it is given, after saying what else it is given, and says what came of it. It needs no other class: it is run as somebody else. */
public final class Knock {
    private Knock() {}

    public static void main(String[] arguments) throws IOException {
        boolean isPort = arguments[0].matches("\\d+");
        try (SocketChannel channel = isPort ? SocketChannel.open() : SocketChannel.open(StandardProtocolFamily.UNIX)) {
            try {
                channel.connect(isPort
                        ? new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[0]))
                        : UnixDomainSocketAddress.of(arguments[0]));
            } catch (IOException refused) {
                System.out.println("not connected: " + refused.getMessage());
                return;
            }
            ByteBuffer answer = ByteBuffer.allocate(1000);
            int n = -1;
            try {
                for (int i = 1; i < arguments.length; i++) {
                    channel.write(ByteBuffer.wrap((arguments[i] + "\n").getBytes(StandardCharsets.UTF_8)));
                }
                channel.write(ByteBuffer.wrap("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\n".getBytes(StandardCharsets.UTF_8)));
                n = channel.read(answer);
            } catch (IOException closed) {
                // as good as the end
            }
            System.out.println(n > 0 ? "answered " + new String(answer.array(), 0, n, StandardCharsets.UTF_8) : "turned away");
        }
    }
}
