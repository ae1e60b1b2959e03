package dev.mpx.proxy.shim;

import dev.mpx.framing.Frame;
import dev.mpx.framing.Line;
import dev.mpx.framing.RpcId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The two directions between the agent and one daemon after the other, one thread each. The agent's side is read from
 * the first moment to the last: what it says while there is no daemon waits for the next one, as long as there is hope.
 */
final class Relay {
    private static final int CHUNK = 64 << 10;
    private static final int LONGEST_HELD_LINE = 1 << 20;
    /** The agent's lines are read in full, as some of them are kept; of the daemon's long ones the id is enough. */
    private static final int READ_UP_TO = 64 << 10;

    /** Where the agent's lines go: FIRST and AWAY wait for a daemon, SILENT has stopped to, REFUSED has none to come. */
    private enum State { FIRST, LIVE, AWAY, SILENT, REFUSED }

    /** What becomes of the rest of a line that is too long to hold. */
    private enum LongLine { PASSES, BROKEN_OFF, NOT_BEGUN }

    private final AgentPipes agent;
    /** Made when there is something to say: every class that an undisturbed session loads delays its start. */
    private Optional<AgentAnswers> answers = Optional.empty();
    private final Ending ending;
    private final SessionMemory memory = new SessionMemory();

    private volatile DaemonChannel connected;
    // Guarded by this, which nobody may need in order to read from the daemon: whoever writes to it holds this.
    private State state = State.FIRST;
    private DaemonChannel daemon;
    private LongLine longLine = LongLine.PASSES;
    /** Why nobody waits any more; there is one once the state says so. */
    private Optional<Failure> failure = Optional.empty();
    private final Waiting waiting = new Waiting();
    private boolean agentEnded;
    private int losses;

    Relay(AgentPipes agent, Ending ending) {
        this.agent = agent;
        this.ending = ending;
    }

    // ---- from the agent

    /** Reads the agent's side to its end. */
    void readAgent() {
        byte[] bytes = new byte[CHUNK];
        LineCutter lines = new LineCutter(LONGEST_HELD_LINE, LONGEST_HELD_LINE);
        try {
            int n = agent.read(ByteBuffer.wrap(bytes));
            while (n >= 0) {
                lines.feed(bytes, n);
                while (lines.next()) {
                    fromAgent(lines);
                }
                n = agent.read(ByteBuffer.wrap(bytes));
            }
        } catch (IOException agentGone) {
            // As good as the end of its input.
        }
        agentEnds();
    }

    private synchronized void fromAgent(LineCutter piece) throws IOException {
        if (piece.starts()) {
            longLine = LongLine.PASSES;
        }
        int length = piece.to() - piece.from();
        while (state == State.FIRST && !(piece.isWholeLine() && waiting.hasRoomFor(length))) {
            await();
        }
        boolean waits = state == State.FIRST || state == State.AWAY;
        if (longLine != LongLine.PASSES || !waits && state != State.LIVE) {
            refuse(piece);
        } else if (state == State.LIVE) {
            toDaemon(piece.array(), piece.from(), piece.to(), piece.line(), !piece.starts());
            if (state != State.LIVE && !piece.ends()) {
                longLine = LongLine.BROKEN_OFF;
            }
        } else if (piece.isWholeLine() && waiting.hasRoomFor(length)) {
            waiting.add(new Waiting.Words(Arrays.copyOfRange(piece.array(), piece.from(), piece.to()), piece.line()));
        } else {
            refuse(piece);
        }
    }

    /** Once all of a line is here: says that it won't be served. */
    private void refuse(LineCutter piece) throws IOException {
        if (longLine == LongLine.PASSES) {
            longLine = piece.starts() ? LongLine.NOT_BEGUN : LongLine.BROKEN_OFF;
        }
        boolean sent = longLine == LongLine.BROKEN_OFF;
        if (piece.ends()) {
            answers().refuse(piece.line(), sent ? Failure.daemonGone(true) : hasGivenUp() ? failure.orElseThrow() : Failure.tooMuchWaits(), sent);
        }
    }

    private boolean hasGivenUp() {
        return state == State.SILENT || state == State.REFUSED;
    }

    private void await() throws IOException {
        try {
            wait();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private void toDaemon(byte[] bytes, int from, int to, Optional<Line> line, boolean begun) {
        // Noted before it is sent: the answer may be here before the write is done.
        List<Asked> requests = line.isPresent() ? memory.asking(line.get()) : List.of();
        for (Asked request : requests) {
            request.sent = begun;
        }
        if (!daemon.send(bytes, from, to, requests)) {
            // Its other direction ends as well: away() answers what is open then.
            state = State.AWAY;
        }
    }

    private synchronized void agentEnds() {
        agentEnded = true;
        ending.inputEnded(hasGivenUp() ? 1 : 0);
        halfClose();
    }

    private void halfClose() {
        if (agentEnded && state == State.LIVE) {
            daemon.shutdownOutput();
        }
    }

    // ---- from the daemon

    /** Relays until the daemon is gone. @return whether the agent still wants one */
    boolean relay(DaemonConnection connection) {
        DaemonChannel channel = new DaemonChannel(connection.channel());
        connected = channel;
        Thread sender = new Thread(new Backlog(this, channel), "backlog");
        sender.setDaemon(true);
        // Beside the reading: a daemon that has much to answer may not read on until it is heard.
        sender.start();
        LineCutter lines = new LineCutter(LONGEST_HELD_LINE, READ_UP_TO);
        try {
            toAgent(lines, connection.rest(), connection.rest().length);
            byte[] bytes = new byte[CHUNK];
            ByteBuffer chunk = ByteBuffer.wrap(bytes);
            while (channel.read(chunk)) {
                toAgent(lines, bytes, chunk.position());
                chunk.clear();
            }
            if (!ending.isInputEnded()) {
                away(channel, lines.isMidLine());
                return true;
            }
        } catch (IOException agentGone) {
            // Then this is the end, too.
        }
        ending.finish(0);
        return false;
    }

    private void toAgent(LineCutter lines, byte[] bytes, int length) throws IOException {
        lines.feed(bytes, length);
        while (lines.next()) {
            Optional<Line> line = lines.line();
            boolean isForAgent = line.isEmpty() || memory.hears(line.get());
            if (isForAgent || !lines.starts()) {
                agent.write(ByteBuffer.wrap(lines.array(), lines.from(), lines.to() - lines.from()));
            }
        }
    }

    /** Tells a new daemon what it needs to go on with the session, then what has waited. */
    private record Backlog(Relay relay, DaemonChannel channel) implements Runnable {
        @Override
        public void run() {
            relay.send(channel);
        }
    }

    private synchronized void send(DaemonChannel channel) {
        if (state == State.REFUSED || !channel.isOpen()) {
            return;
        }
        daemon = channel;
        state = State.LIVE;
        for (Frame line : memory.restoration()) {
            byte[] bytes = withNewline(line);
            if (state == State.LIVE && !channel.send(bytes, 0, bytes.length, List.of())) {
                state = State.AWAY;
            }
        }
        while (state == State.LIVE) {
            Waiting.Words words = waiting.poll();
            if (words == null) {
                break;
            }
            toDaemon(words.bytes(), 0, words.bytes().length, words.line(), false);
        }
        halfClose();
        notifyAll();
    }

    private static byte[] withNewline(Frame frame) {
        byte[] bytes = Arrays.copyOf(frame.toBytes(), frame.length() + 1);
        bytes[frame.length()] = '\n';
        return bytes;
    }

    // ---- without a daemon

    private void away(DaemonChannel channel, boolean midLine) throws IOException {
        // Closing first: another thread may be writing to it, and would keep the lock until it can.
        channel.close();
        synchronized (this) {
            if (longLine == LongLine.PASSES && state == State.LIVE) {
                longLine = LongLine.BROKEN_OFF; // a line that begins later resets it
            }
            state = State.AWAY;
            losses++;
            if (midLine) {
                answers().endLine();
            }
            for (Asked request : memory.takeUnanswered()) {
                answers().refuse(request.id, Failure.daemonGone(request.sent), request.sent);
            }
            for (RpcId id : memory.takeAskedByServer()) {
                answers().takeBack(id);
            }
            notifyAll();
        }
    }

    /** How many daemons this session has lost. */
    synchronized int losses() {
        return losses;
    }

    /** What of this session the next daemon has to know. */
    SessionMemory memory() {
        return memory;
    }

    /** There has been no daemon for too long since that loss: everybody who waits is told. */
    synchronized void stopWaiting(int loss, Duration since, Optional<NoDaemonException> why) {
        boolean first = state == State.AWAY;
        if (losses != loss || !first && state != State.SILENT) {
            return;
        }
        state = State.SILENT;
        Failure told = Failure.stillGone(since, why);
        failure = Optional.of(told);
        try {
            if (first) {
                tell(told);
                Optional<RpcId> handshake = memory.takeHandshake();
                if (handshake.isPresent()) {
                    answers().refuse(handshake.get(), told, false);
                }
                refuseWaiting(told);
            }
        } catch (IOException agentGone) {
            ending.finish(1);
        }
    }

    /** There is no daemon to be had: says so once, and answers every request with it until the agent ends. */
    synchronized void fail(Failure why) {
        state = State.REFUSED;
        failure = Optional.of(why);
        tell(why);
        try {
            refuseWaiting(why);
        } catch (IOException agentGone) {
            ending.finish(1);
        }
        if (agentEnded) {
            ending.finish(1);
        }
        notifyAll();
    }

    private void refuseWaiting(Failure failure) throws IOException {
        for (Waiting.Words words = waiting.poll(); words != null; words = waiting.poll()) {
            answers().refuse(words.line(), failure, false);
        }
    }

    private AgentAnswers answers() {
        if (answers.isEmpty()) {
            answers = Optional.of(new AgentAnswers(agent));
        }
        return answers.get();
    }

    private static void tell(Failure why) {
        System.err.println("mpx: " + why.message());
        for (String line : why.log()) {
            System.err.println("mpx:   " + line);
        }
    }

    /** Passes on what a new daemon says before the session is its own. */
    void toAgent(byte[] line) throws IOException {
        agent.write(ByteBuffer.wrap(line));
    }

    /** Closes the connection at the shim's end; from any thread, whoever else is waiting on it. */
    void hangUp() {
        DaemonChannel channel = connected;
        if (channel != null) {
            channel.close();
        }
    }
}
