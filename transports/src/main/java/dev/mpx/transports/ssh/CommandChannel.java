package dev.mpx.transports.ssh;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.sshd.client.channel.ChannelExec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A stream to the standard input and output of a command on the host. What it says on standard error is logged. */
final class CommandChannel extends ChannelExec {
    private static final Logger LOG = LoggerFactory.getLogger(CommandChannel.class);
    private static final int LOGGED = 2000;

    private final StreamCore stream;
    private final StringBuilder errors = new StringBuilder();

    CommandChannel(String command, SshStream.Receiver receiver) {
        super(command, null, Map.of());
        this.stream = new StreamCore(this, receiver);
    }

    SshStream stream() {
        return stream;
    }

    /** The beginning of what it said on standard error. */
    String errors() {
        synchronized (errors) {
            return errors.toString().strip();
        }
    }

    @Override
    protected void doWriteData(byte[] data, int from, long length) {
        if (!isClosing()) {
            stream.receiver().received(data, from, (int) length);
        }
    }

    @Override
    protected void doWriteExtendedData(byte[] data, int from, long length) throws IOException {
        String said = new String(data, from, (int) length, StandardCharsets.UTF_8);
        synchronized (errors) {
            errors.append(said, 0, Math.max(0, Math.min(said.length(), LOGGED - errors.length())));
        }
        LOG.info("the host says: {}", said.strip());
        getLocalWindow().release(length);
    }

    @Override
    public void handleEof() throws IOException {
        super.handleEof();
        stream.receiver().ended();
    }
}
