package dev.mpx.proxy.shim;

import dev.mpx.framing.Frame;
import dev.mpx.framing.Line;
import dev.mpx.framing.RpcId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The two directions between the agent and one daemon after the other, one thread each. The agent's side is read from
 * the first moment to the last: what it says while there is no daemon waits for the next one, as long as there is hope.
 * What becomes of each line in each state is written down in {@code docs/shim.md}.
 */
final class Relay {
    private static final int CHUNK = 64 << 10;
    private static final byte[] NEWLINE = {'\n'};
    /** In bytes, the newline included; a longer line is cut through as it comes. */
    static final int LONGEST_HELD_LINE = 1 << 20;

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
    /** Whether the connection was closed at this end, for good. */
    private volatile boolean hungUp;
    // Guarded by this, which nobody may need in order to read from the daemon: whoever writes to it holds this.
    private State state = State.FIRST;
    private DaemonChannel daemon;
    private LongLine longLine = LongLine.PASSES;
    /** Why nobody waits any more; there is one once the state says so. */
    private Optional<Failure> failure = Optional.empty();
    private final Waiting waiting = new Waiting();
    /** Whether the first daemon takes so long that what can be answered without one is not to wait for it. */
    private boolean slow;
    private boolean agentEnded;
    private int losses;
    /** Whether somebody was refused since the last rest. */
    private boolean refusedOne;

    Relay(AgentPipes agent, Ending ending) {
        this.agent = agent;
        this.ending = ending;
    }

    // ---- from the agent

    /** Reads the agent's side to its end. */
    void readAgent() {
        byte[] bytes = new byte[CHUNK];
        // In full, as some of them are kept.
        LineCutter lines = new LineCutter(LONGEST_HELD_LINE, LONGEST_HELD_LINE);
        try {
            for (int n = agent.read(ByteBuffer.wrap(bytes)); n >= 0; n = agent.read(ByteBuffer.wrap(bytes))) {
                fromAgent(lines, bytes, n);
            }
            if (lines.isInLine()) {
                fromAgent(lines, NEWLINE, NEWLINE.length); // what an agent's last line lacks
            }
        } catch (IOException agentGone) {
            // As good as the end of its input.
        }
        agentEnds();
    }

    private void fromAgent(LineCutter lines, byte[] bytes, int count) throws IOException {
        lines.feed(bytes, count);
        while (lines.next()) {
            fromAgent(lines);
        }
    }

    private synchronized void fromAgent(LineCutter piece) throws IOException {
        long readAt = System.nanoTime();
        if (piece.starts()) {
            longLine = LongLine.PASSES;
        }
        int length = piece.to() - piece.from();
        while (state == State.FIRST && !(piece.isWholeLine() && waiting.hasRoomFor(length))) {
            await();
        }
        if (longLine != LongLine.PASSES || hasGivenUp()) {
            refuse(piece, readAt);
        } else if (state == State.LIVE) {
            toDaemon(piece.array(), piece.from(), piece.to(), piece.line(), !piece.starts(), readAt);
            if (state != State.LIVE && !piece.ends()) {
                longLine = LongLine.BROKEN_OFF;
            }
        } else if (piece.isWholeLine() && mustNotWait(piece.line())) {
            return;
        } else if (piece.isWholeLine() && waiting.hasRoomFor(length)) {
            waiting.add(new Waiting.Words(Arrays.copyOfRange(piece.array(), piece.from(), piece.to()), piece.line(), readAt));
        } else {
            refuse(piece, readAt);
        }
    }

    /** Answers what can be answered without a daemon, once there is reason to. @return whether it did */
    private boolean mustNotWait(Optional<Line> line) throws IOException {
        return (state == State.AWAY || slow) && line.isPresent() && answers().answersAtOnce(line.get());
    }

    /** Once all of a line is here: says that it won't be served. */
    private void refuse(LineCutter piece, long readAt) throws IOException {
        if (longLine == LongLine.PASSES) {
            longLine = piece.starts() ? LongLine.NOT_BEGUN : LongLine.BROKEN_OFF;
        }
        if (piece.ends()) {
            refuse(piece.line(), longLine == LongLine.BROKEN_OFF ? Failure.daemonGone(true)
                    : hasGivenUp() ? failure.orElseThrow() : Failure.tooMuchWaits(), readAt);
        }
    }

    private void refuse(Optional<Line> line, Failure why, long readAt) throws IOException {
        if (line.isPresent()) {
            refusedOne = true;
            notifyAll(); // it may be worth another try
            memory.dropped(line.get());
            answers().refuse(line.get(), why, readAt);
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

    private void toDaemon(byte[] bytes, int from, int to, Optional<Line> line, boolean begun, long readAt) {
        // Noted before it is sent: the answer may be here before the write is done.
        List<Asked> requests = line.isPresent() ? memory.asking(line.get(), readAt) : List.of();
        if (begun) {
            DaemonChannel.mark(requests);
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

    // ---- with a daemon

    /** Relays until the daemon is gone. @return whether the agent still wants one */
    boolean relay(DaemonConnection connection) {
        DaemonChannel channel = new DaemonChannel(connection.channel());
        connected = channel;
        Thread sender = new Thread(new Backlog(this, channel), "backlog");
        sender.setDaemon(true);
        // Beside the reading: a daemon that has much to answer may not read on until it is heard.
        sender.start();
        try {
            new DaemonReader(channel, agent, memory).readToEnd(connection.rest());
            // Closing first: another thread may be writing to it, and would keep the lock until it can.
            channel.close();
            away();
            if (!ending.isInputEnded()) {
                return true;
            }
        } catch (IOException agentGone) {
            // Then this is the end, too.
        }
        ending.finish(0);
        return false;
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
            toDaemon(words.bytes(), 0, words.bytes().length, words.line(), false, words.readAt());
        }
        halfClose();
        notifyAll();
    }

    private static byte[] withNewline(Frame frame) {
        byte[] bytes = Arrays.copyOf(frame.toBytes(), frame.length() + 1);
        bytes[frame.length()] = '\n';
        return bytes;
    }

    /** What of this session the next daemon has to know. */
    SessionMemory memory() {
        return memory;
    }

    /** Passes on a line that a new daemon says before the session is its own. */
    void toAgent(byte[] line) throws IOException {
        agent.write(ByteBuffer.wrap(line));
    }

    // ---- without a daemon

    private synchronized void away() throws IOException {
        if (longLine == LongLine.PASSES && state == State.LIVE) {
            longLine = LongLine.BROKEN_OFF; // a line that begins later resets it
        }
        state = State.AWAY;
        losses++;
        refuseAsked();
        for (RpcId id : memory.takeAskedByServer()) {
            answers().takeBack(id);
        }
        notifyAll();
    }

    private void refuseAsked() throws IOException {
        for (Asked request : memory.takeUnanswered()) {
            answers().refuse(request, hungUp ? Failure.agentEnded(request.isSent()) : Failure.daemonGone(request.isSent()));
        }
    }

    /**
     * Between two tries to find a daemon.
     *
     * @param millis to rest, at most
     * @param whenAsked for how many, if somebody is refused
     * @return whether somebody was
     */
    synchronized boolean rest(long millis, long whenAsked) throws IOException {
        long start = System.nanoTime();
        refusedOne = false;
        try {
            while (true) {
                long left = (refusedOne ? whenAsked : millis) - (System.nanoTime() - start) / 1_000_000;
                if (left <= 0) {
                    return refusedOne;
                }
                wait(left);
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** Whether nobody is kept waiting, though there may be a daemon again. */
    synchronized boolean isSilent() {
        return state == State.SILENT;
    }

    /** How many daemons this session has lost. */
    synchronized int losses() {
        return losses;
    }

    /** The first daemon is not to be had at once: what an agent asks before everything else is answered without it. */
    synchronized void becomesSlow() {
        if (state != State.FIRST) {
            return;
        }
        slow = true;
        try {
            for (int left = waiting.count(); left > 0; left--) {
                Waiting.Words words = waiting.poll();
                if (!mustNotWait(words.line())) {
                    waiting.add(words);
                }
            }
        } catch (IOException agentGone) {
            ending.finish(0);
        }
        notifyAll();
    }

    /** There will be no daemon soon: everybody who waits since that loss is told. */
    synchronized void stopWaiting(int loss, Failure why) {
        if (losses != loss || state == State.LIVE || state == State.REFUSED) {
            return;
        }
        boolean isNews = state != State.SILENT;
        state = State.SILENT;
        failure = Optional.of(why);
        if (isNews) {
            tell(why);
            refuseAll(why);
        }
        notifyAll();
    }

    /** There is no daemon to be had: says so once, and answers every request with it until the agent ends. */
    synchronized void fail(Failure why) {
        state = State.REFUSED;
        failure = Optional.of(why);
        tell(why);
        refuseAll(why);
        if (agentEnded) {
            ending.finish(1);
        }
        notifyAll();
    }

    private void refuseAll(Failure why) {
        try {
            Optional<Asked> handshake = memory.takeHandshake();
            if (handshake.isPresent()) {
                answers().refuse(handshake.get(), why);
            }
            for (Waiting.Words words = waiting.poll(); words != null; words = waiting.poll()) {
                refuse(words.line(), why, words.readAt());
            }
        } catch (IOException agentGone) {
            ending.finish(0);
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

    // ---- the end

    /** Ends the connection at the shim's end, and answers whatever is still open: nobody else will. */
    void settle() throws IOException {
        hungUp = true;
        DaemonChannel channel = connected;
        if (channel != null) {
            channel.close(); // whoever writes to it or reads from it stops
        }
        synchronized (this) {
            Optional<Asked> handshake = memory.takeHandshake();
            refuseAsked();
            if (handshake.isPresent()) {
                answers().refuse(handshake.get(), Failure.agentEnded(handshake.get().isSent()));
            }
            if (waiting.count() > 0) {
                refuseAll(Failure.agentEnded(false));
            }
        }
    }

    /** Ends the connection at the shim's end; from any thread, whoever else is waiting on it. */
    void hangUp() {
        DaemonChannel channel = connected;
        if (channel != null) {
            channel.close();
        }
    }
}
