package dev.mpx.proxy.shim;

import dev.mpx.framing.Line;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Passes a daemon's lines on to the agent, and lets the session's memory read along. Of one thread. */
final class DaemonReader {
    private static final int CHUNK = 64 << 10;
    /** Of a longer line the id is enough. */
    private static final int READ_UP_TO = 64 << 10;

    private final DaemonChannel daemon;
    private final AgentPipes agent;
    private final SessionMemory memory;
    private final LineCutter lines = new LineCutter(Relay.LONGEST_HELD_LINE, READ_UP_TO);

    DaemonReader(DaemonChannel daemon, AgentPipes agent, SessionMemory memory) {
        this.daemon = daemon;
        this.agent = agent;
        this.memory = memory;
    }

    /**
     * Reads until the daemon is gone. Half a line of it is dropped then; but one that was too long to hold has been printed in
     * part, and all that can be done is to end it: the agent reads a line that is no JSON, and then that its request is lost.
     *
     * @param first what has been read of it before
     * @throws IOException if the agent is gone
     */
    void readToEnd(byte[] first) throws IOException {
        pass(first, first.length);
        byte[] bytes = new byte[CHUNK];
        ByteBuffer chunk = ByteBuffer.wrap(bytes);
        while (daemon.read(chunk)) {
            pass(bytes, chunk.position());
            chunk.clear();
        }
        agent.breakOff();
    }

    private void pass(byte[] bytes, int length) throws IOException {
        lines.feed(bytes, length);
        while (lines.next()) {
            Optional<Line> line = lines.line();
            boolean isForAgent = line.isEmpty() || memory.hears(line.get());
            if (isForAgent || !lines.starts()) {
                agent.writePiece(ByteBuffer.wrap(lines.array(), lines.from(), lines.to() - lines.from()), lines.ends());
            }
        }
    }
}
