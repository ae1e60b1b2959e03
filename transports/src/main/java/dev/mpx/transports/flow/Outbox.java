package dev.mpx.transports.flow;

import dev.mpx.framing.Frame;
import dev.mpx.transports.ByteBudget;
import dev.mpx.transports.Sending;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * The frames of one link that have not left yet, each with its newline, in order.
 *
 * <p>A channel that does not block is written to by {@link #writeTo}. Another sender looks at the next bytes ({@link #peek}),
 * writes them, and says how many went ({@link #sent}); one whose write may hand over bytes before it returns (a blocking one) says so
 * first ({@link #claim}). What is in here is accounted in the budget until it was sent or dropped.
 *
 * <p>Thread-safe, so that {@link Sending#withdraw} is atomic with a writer's thread.
 */
public final class Outbox {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final long bound;
    private final ByteBudget budget;
    private final Queue<Entry> queue = new ArrayDeque<>();
    private long pending;
    private long sentInAll;

    /** @param bound in bytes */
    public Outbox(long bound, ByteBudget budget) {
        this.bound = bound;
        this.budget = budget;
    }

    /** A frame that was dropped before it was queued: nothing of it left. */
    public static Sending dropped() {
        return Sending.NEVER;
    }

    /** Whether the frame fits; when nothing waits, every frame does. */
    public synchronized boolean accepts(Frame frame) {
        return queue.isEmpty() || pending + frame.length() + 1 <= bound;
    }

    public synchronized Sending add(Frame frame) {
        Entry entry = entry(frame);
        queue.add(entry);
        pending += entry.left;
        budget.take(entry.left);
        return entry;
    }

    /** Bytes that wait. */
    public synchronized long pending() {
        return pending;
    }

    public synchronized boolean isEmpty() {
        return queue.isEmpty();
    }

    /** Bytes sent since the beginning: it grows while the other side reads. */
    public synchronized long sentInAll() {
        return sentInAll;
    }

    /** Copies the next bytes, as many as there are or fit, of as many frames as that takes; they stay in the outbox. */
    public synchronized void peek(ByteBuffer target) {
        for (Entry entry : queue) {
            if (!entry.copyTo(target)) {
                return;
            }
        }
    }

    /** The next bytes may be gone from now on: their frames have begun. */
    public synchronized void claim(int bytes) {
        long left = bytes;
        for (Entry entry : queue) {
            if (left <= 0) {
                return;
            }
            entry.begun = true;
            left -= entry.left;
        }
    }

    /** That many of the next bytes have gone; those that were forgotten meanwhile don't count. */
    public synchronized void sent(int bytes) {
        int left = bytes;
        while (left > 0 && !queue.isEmpty()) {
            Entry head = queue.element();
            left -= head.advance(left);
            if (head.left == 0) {
                queue.remove();
            }
        }
        int counted = bytes - left;
        pending -= counted;
        sentInAll += counted;
        budget.give(counted);
    }

    /**
     * Writes to a channel that does not block until nothing is left, it takes no more, or so many bytes have gone.
     *
     * @param buffer a direct one, for each write
     * @param quota so that one channel does not keep the others waiting
     * @return whether something is left
     */
    public boolean writeTo(WritableByteChannel channel, ByteBuffer buffer, int quota) throws IOException {
        int left = quota;
        boolean takesMore = true;
        while (takesMore && left > 0 && !isEmpty()) {
            peek(buffer.clear());
            int size = buffer.flip().remaining();
            int n = channel.write(buffer);
            sent(n);
            left -= n;
            takesMore = n == size;
        }
        return !isEmpty();
    }

    /** Forgets the frames that have not begun. */
    public synchronized void dropUnbegun() {
        queue.removeIf(entry -> !entry.begun && forget(entry));
    }

    /** Forgets everything. */
    public synchronized void clear() {
        queue.clear();
        budget.give(pending);
        pending = 0;
    }

    private boolean forget(Entry entry) {
        pending -= entry.left;
        budget.give(entry.left);
        return true;
    }

    private synchronized boolean withdraw(Entry entry) {
        if (entry.begun) {
            return false;
        }
        if (queue.remove(entry)) {
            forget(entry);
        }
        return true;
    }

    private Entry entry(Frame frame) {
        return frame.isContiguous() ? new Whole(frame) : new InParts(frame);
    }

    private abstract class Entry implements Sending {
        /** Bytes not sent yet, the newline among them. */
        long left;
        boolean begun;

        Entry(Frame frame) {
            this.left = frame.length() + 1L;
        }

        /** Copies what is left of the frame itself, as much as there is room for. */
        abstract void copyFrame(ByteBuffer target);

        /** So many of the frame's bytes are not needed any more. */
        abstract void passed(int bytes);

        /** Whether all of it found room. */
        boolean copyTo(ByteBuffer target) {
            boolean fits = left <= target.remaining();
            if (left > 1) {
                copyFrame(target);
            }
            if (fits) {
                target.put((byte) '\n');
            }
            return fits;
        }

        /** Counts up to {@code most} bytes as sent; how many those were. */
        int advance(int most) {
            begun = true;
            int taken = (int) Math.min(most, left);
            left -= taken;
            passed(taken);
            return taken;
        }

        @Override
        public boolean begun() {
            synchronized (Outbox.this) {
                return begun;
            }
        }

        @Override
        public boolean withdraw() {
            return Outbox.this.withdraw(this);
        }
    }

    /** Of one array. */
    private final class Whole extends Entry {
        private final Frame frame;

        Whole(Frame frame) {
            super(frame);
            this.frame = frame;
        }

        @Override
        void copyFrame(ByteBuffer target) {
            frame.copyTo(target, (int) (frame.length() + 1L - left));
        }

        @Override
        void passed(int bytes) {}
    }

    /** A large one, whose memory goes as it is sent. */
    private final class InParts extends Entry {
        private final ByteBuffer[] parts;
        private int part;

        InParts(Frame frame) {
            super(frame);
            this.parts = frame.buffers();
        }

        @Override
        void copyFrame(ByteBuffer target) {
            for (int i = part; i < parts.length && target.hasRemaining(); i++) {
                ByteBuffer source = parts[i];
                int n = Math.min(source.remaining(), target.remaining());
                target.put(target.position(), source, source.position(), n);
                target.position(target.position() + n);
            }
        }

        @Override
        void passed(int bytes) {
            int inParts = bytes;
            while (inParts > 0 && part < parts.length) {
                ByteBuffer head = parts[part];
                int n = Math.min(inParts, head.remaining());
                head.position(head.position() + n);
                inParts -= n;
                if (!head.hasRemaining()) {
                    parts[part++] = NOTHING;
                }
            }
        }
    }
}
