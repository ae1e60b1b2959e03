package dev.mpx.transports.ssh;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.sshd.client.channel.ClientChannel;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a stream does, whichever kind of channel it runs on. */
final class StreamCore implements SshStream {
    private static final Logger LOG = LoggerFactory.getLogger(StreamCore.class);

    private final ClientChannel channel;
    private final Receiver receiver;

    StreamCore(ClientChannel channel, Receiver receiver) {
        this.channel = channel;
        this.receiver = receiver;
        channel.setStreaming(ClientChannel.Streaming.Async);
        channel.addCloseFutureListener(closed -> receiver.closed());
    }

    Receiver receiver() {
        return receiver;
    }

    @Override
    public void send(ByteBuffer bytes, Runnable done) {
        try {
            channel.getAsyncIn().writeBuffer(new ByteArrayBuffer(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining()))
                    .addListener(written -> {
                        if (written.isWritten()) {
                            done.run();
                        } else {
                            close();
                        }
                    });
        } catch (IOException | RuntimeException closing) {
            close();
        }
    }

    @Override
    public void taken(int length) {
        try {
            if (channel.isOpen()) {
                channel.getLocalWindow().release(length);
            }
        } catch (IOException e) {
            LOG.debug("the window of {}", channel, e);
            close();
        }
    }

    @Override
    public void end() {
        if (channel.getAsyncIn() != null) {
            channel.getAsyncIn().close(false);
        }
    }

    @Override
    public void close() {
        channel.close(false);
    }
}
