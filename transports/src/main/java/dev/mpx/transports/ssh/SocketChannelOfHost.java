package dev.mpx.transports.ssh;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.sshd.client.channel.AsyncCapableClientChannel;
import org.apache.sshd.client.future.DefaultOpenFuture;
import org.apache.sshd.client.future.OpenFuture;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.util.buffer.Buffer;

/** A stream to a UNIX socket on the host: OpenSSH's {@code direct-streamlocal@openssh.com} (its PROTOCOL, section 2.4). */
final class SocketChannelOfHost extends AsyncCapableClientChannel {
    private static final String TYPE = "direct-streamlocal@openssh.com";

    private final String path;
    private final StreamCore stream;

    SocketChannelOfHost(String path, SshStream.Receiver receiver) {
        super(TYPE, false);
        this.path = path;
        this.stream = new StreamCore(this, receiver);
    }

    SshStream stream() {
        return stream;
    }

    @Override
    public synchronized OpenFuture open() throws IOException {
        if (closeFuture.isClosed()) {
            throw new SshException("the connection is closed");
        }
        openFuture = new DefaultOpenFuture(path, futureLock);
        Buffer buffer = getSession().createBuffer(
                SshConstants.SSH_MSG_CHANNEL_OPEN, TYPE.length() + path.getBytes(StandardCharsets.UTF_8).length + Long.SIZE);
        buffer.putString(TYPE);
        buffer.putUInt(getChannelId());
        buffer.putUInt(getLocalWindow().getSize());
        buffer.putUInt(getLocalWindow().getPacketSize());
        buffer.putString(path);
        buffer.putString(""); // reserved
        buffer.putUInt(0); // reserved
        writePacket(buffer);
        return openFuture;
    }

    @Override
    protected void doWriteData(byte[] data, int from, long length) {
        if (!isClosing()) {
            stream.receiver().received(data, from, (int) length);
        }
    }

    @Override
    public void handleEof() throws IOException {
        super.handleEof();
        stream.receiver().ended();
    }
}
