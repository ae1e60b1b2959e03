package dev.mpx.transports.ssh;

import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.sshd.agent.common.AbstractAgentProxy;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;

/**
 * Talks to an ssh-agent on its UNIX socket. Keys that the settings name come first, since a server hears only so many. One
 * question at a time.
 */
final class AgentClient extends AbstractAgentProxy {
    private static final int LARGEST_ANSWER = 1 << 20;

    private final SocketChannel channel;
    private final List<byte[]> named;
    private final boolean namedOnly;

    /**
     * @param named keys that the settings name, as they go over the wire
     * @param namedOnly whether the others are kept back
     */
    AgentClient(Path socket, List<byte[]> named, boolean namedOnly) throws IOException {
        super(null);
        this.named = named;
        this.namedOnly = namedOnly;
        channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public Iterable<? extends Map.Entry<PublicKey, String>> getIdentities() throws IOException {
        List<Map.Entry<PublicKey, String>> first = new ArrayList<>();
        List<Map.Entry<PublicKey, String>> others = new ArrayList<>();
        for (Map.Entry<PublicKey, String> identity : super.getIdentities()) {
            byte[] wire = HostKeyCheck.wire(identity.getKey());
            (named.stream().anyMatch(key -> Arrays.equals(key, wire)) ? first : others).add(identity);
        }
        if (!namedOnly) {
            first.addAll(others);
        }
        return first;
    }

    @Override
    protected synchronized Buffer request(Buffer question) throws IOException {
        ByteBuffer out = ByteBuffer.wrap(question.array(), question.rpos(), question.available());
        while (out.hasRemaining()) {
            channel.write(out);
        }
        int length = read(Integer.BYTES).getInt();
        if (length <= 0 || length > LARGEST_ANSWER) {
            throw new IOException("the ssh-agent's answer makes no sense");
        }
        return new ByteArrayBuffer(read(length).array());
    }

    private ByteBuffer read(int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes) < 0) {
                throw new EOFException("the ssh-agent hung up");
            }
        }
        return bytes.flip();
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
