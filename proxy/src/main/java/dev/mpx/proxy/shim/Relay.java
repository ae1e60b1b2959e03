package dev.mpx.proxy.shim;

import dev.mpx.framing.Frame;
import dev.mpx.framing.Line;
import dev.mpx.framing.LineSplitter;
import dev.mpx.framing.Message;
import dev.mpx.framing.OversizedLine;
import dev.mpx.framing.RpcId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Optional;

/**
 * The two directions between agent and daemon, one thread each. The agent's side is read from the first moment on: what
 * it says before there is a daemon is kept, and what it says where there is none, or none any more, is answered.
 */
final class Relay {
    private static final int CHUNK = 64 << 10;
    /** What the agent may say before there is a daemon; then it has to wait. In bytes. */
    private static final int EARLY_WORDS = 1 << 20;
    private static final int LONGEST_HELD_LINE = 1 << 20;

    private final AgentPipes agent;
    private final Ending ending;
    private final Unanswered unanswered = new Unanswered();

    private volatile SocketChannel connected;
    // One of three: none of these (no daemon yet), a daemon, or a failure. Guarded by this.
    private SocketChannel daemon;
    private Failure failure;
    private ByteArrayOutputStream early = new ByteArrayOutputStream(1024);
    private boolean agentEnded;

    Relay(AgentPipes agent, Ending ending) {
        this.agent = agent;
        this.ending = ending;
    }

    /** Reads the agent's side to its end. */
    void readAgent() {
        byte[] bytes = new byte[CHUNK];
        try {
            int n = agent.read(ByteBuffer.wrap(bytes));
            while (n >= 0) {
                fromAgent(bytes, n);
                n = agent.read(ByteBuffer.wrap(bytes));
            }
        } catch (IOException agentGone) {
            // As good as the end of its input.
        }
        agentEnds();
    }

    private synchronized void fromAgent(byte[] bytes, int length) throws IOException {
        while (daemon == null && failure == null && early.size() + length > EARLY_WORDS + CHUNK) {
            await();
        }
        if (failure != null) {
            answerWithFailure(bytes, length);
        } else if (daemon != null) {
            toDaemon(bytes, length);
        } else {
            early.write(bytes, 0, length);
        }
    }

    private void await() throws IOException {
        try {
            wait();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private void toDaemon(byte[] bytes, int length) {
        // Noted before it is sent: the answer may be here before write() returns.
        unanswered.asked(bytes, length);
        try {
            ByteBuffer chunk = ByteBuffer.wrap(bytes, 0, length);
            while (chunk.hasRemaining()) {
                daemon.write(chunk);
            }
        } catch (IOException gone) {
            // Its other direction ends as well; readDaemon() answers what is open then.
        }
    }

    private synchronized void agentEnds() {
        agentEnded = true;
        ending.inputEnded(failure == null ? 0 : 1);
        halfClose();
    }

    private void halfClose() {
        try {
            if (agentEnded && daemon != null) {
                daemon.shutdownOutput();
            }
        } catch (IOException gone) {
            // Then it needs no telling.
        }
    }

    /** Relays the daemon's side to its end, once it has taken this client. */
    void relay(DaemonConnection connection) {
        connected = connection.channel();
        Thread sender = new Thread(new EarlyWords(this, connection.channel()), "early-words");
        sender.setDaemon(true);
        // Beside the reading: a daemon that has much to answer may not read on until it is heard.
        sender.start();
        readDaemon(connection);
    }

    /** Closes the connection at the shim's end; from any thread, whoever else is waiting on it. */
    void hangUp() throws IOException {
        SocketChannel channel = connected;
        if (channel != null) {
            channel.close();
        }
    }

    private record EarlyWords(Relay relay, SocketChannel daemon) implements Runnable {
        @Override
        public void run() {
            relay.sendEarlyWords(daemon);
        }
    }

    private synchronized void sendEarlyWords(SocketChannel channel) {
        if (failure == null) {
            daemon = channel;
            byte[] said = early.toByteArray();
            early = new ByteArrayOutputStream(0);
            toDaemon(said, said.length);
            halfClose();
            notifyAll();
        }
    }

    private void readDaemon(DaemonConnection connection) {
        WholeLines lines = new WholeLines(LONGEST_HELD_LINE);
        try {
            byte[] rest = connection.rest();
            if (rest.length > 0) {
                toAgent(lines, rest, rest.length);
            }
            byte[] bytes = new byte[CHUNK];
            ByteBuffer chunk = ByteBuffer.wrap(bytes);
            while (readChunk(connection.channel(), chunk)) {
                toAgent(lines, bytes, chunk.position());
                chunk.clear();
            }
        } catch (IOException agentGone) {
            ending.finish(0);
            return;
        }
        if (ending.isInputEnded()) {
            ending.finish(0);
        } else {
            daemonGone(connection.channel(), lines.isMidLine());
        }
    }

    private static boolean readChunk(SocketChannel channel, ByteBuffer chunk) {
        try {
            return channel.read(chunk) >= 0;
        } catch (IOException gone) {
            return false;
        }
    }

    private void toAgent(WholeLines lines, byte[] bytes, int length) throws IOException {
        int passable = lines.passable(bytes, length);
        if (passable > 0) {
            if (lines.size() > 0) {
                agent.write(ByteBuffer.wrap(lines.held(), 0, lines.size()));
                lines.clear();
            }
            agent.write(ByteBuffer.wrap(bytes, 0, passable));
        }
        if (passable < length) {
            lines.hold(bytes, passable, length);
        }
        unanswered.answered(bytes, length);
    }

    private void daemonGone(SocketChannel channel, boolean midLine) {
        try {
            // Closing first: the other thread may be writing to it, and would keep the lock until it can.
            channel.close();
            synchronized (this) {
                failure = Failure.noDaemonAnyMore();
                daemon = null;
                if (midLine) {
                    agent.write(ByteBuffer.wrap(new byte[] {'\n'}));
                }
                Failure lost = Failure.daemonGone();
                for (RpcId id : unanswered.takeAll()) {
                    write(lost.answer(Optional.of(id), true));
                }
                tell(failure);
                answerEarlyWords();
                endedWithoutDaemon();
                notifyAll();
            }
        } catch (IOException agentGone) {
            ending.finish(1);
        }
    }

    /** There is no daemon to be had: says so once, and answers every request with it until the agent ends. */
    synchronized void fail(Failure why) {
        failure = why;
        tell(why);
        try {
            answerEarlyWords();
        } catch (IOException agentGone) {
            ending.finish(1);
        }
        endedWithoutDaemon();
        notifyAll();
    }

    private void answerEarlyWords() throws IOException {
        byte[] said = early.toByteArray();
        early = new ByteArrayOutputStream(0);
        answerWithFailure(said, said.length);
    }

    private void endedWithoutDaemon() {
        if (agentEnded) {
            ending.finish(1);
        }
    }

    private static void tell(Failure why) {
        System.err.println("mpx: " + why.message());
        for (String line : why.log()) {
            System.err.println("mpx:   " + line);
        }
    }

    private void answerWithFailure(byte[] bytes, int length) throws IOException {
        LineSplitter lines = unanswered.requestLines();
        ByteBuffer chunk = ByteBuffer.wrap(bytes, 0, length);
        for (Optional<Line> line = lines.next(chunk); line.isPresent(); line = lines.next(chunk)) {
            if (line.get() instanceof OversizedLine oversized) {
                if (oversized.hasMethod() && oversized.id().isPresent()) {
                    write(failure.answer(oversized.id(), false));
                }
            } else {
                answer(Message.read((Frame) line.get()));
            }
        }
    }

    private void answer(Message message) throws IOException {
        if (message instanceof Message.Request request) {
            write(failure.answer(Optional.of(request.id()), false));
        } else if (message instanceof Message.Malformed malformed) {
            write(failure.malformed(malformed.id(), malformed.code(), malformed.reason()));
        } else if (message instanceof Message.Batch batch) {
            for (Frame element : batch.elements()) {
                answer(Message.read(element));
            }
        }
    }

    private void write(Frame frame) throws IOException {
        ByteBuffer line = ByteBuffer.allocate(frame.length() + 1);
        for (ByteBuffer part : frame.buffers()) {
            line.put(part);
        }
        agent.write(line.put((byte) '\n').flip());
    }
}
