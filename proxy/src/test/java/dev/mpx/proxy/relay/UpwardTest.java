package dev.mpx.proxy.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.transports.ssh.SshStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What goes to the host goes in order, one piece at a time, and the client is read only while there is room. */
class UpwardTest {
    private final List<String> sent = new ArrayList<>();
    private final List<Runnable> done = new ArrayList<>();
    private final List<Boolean> room = new ArrayList<>();

    private final SshStream stream = new SshStream() {
        @Override
        public void send(ByteBuffer bytes, Runnable whenDone) {
            sent.add(new String(bytes.array()));
            done.add(whenDone);
        }

        @Override
        public void taken(int length) {
            throw new AssertionError("nothing came");
        }

        @Override
        public void end() {
            sent.add("END");
        }

        @Override
        public void close() {
            sent.add("CLOSE");
        }
    };

    private final Upward up = new Upward(stream, room::add);

    private void offer(String text) {
        up.offer(ByteBuffer.wrap(text.getBytes()));
    }

    @Test
    void oneIsOnItsWayOneIsKeptAndThenNoMoreIsReadUntilTheFirstIsThere() {
        offer("a");
        assertThat(room).isEmpty();
        offer("b");
        assertThat(sent).containsExactly("a");
        assertThat(room).containsExactly(false);

        done.get(0).run();
        assertThat(sent).containsExactly("a", "b");
        assertThat(room).containsExactly(false, true);
        done.get(1).run();
        offer("c");
        assertThat(sent).containsExactly("a", "b", "c");
    }

    @Test
    void theEndComesBehindWhatWasSent() {
        offer("a");
        offer("b");
        up.end();
        done.get(0).run();
        assertThat(sent).containsExactly("a", "b");
        done.get(1).run();
        assertThat(sent).containsExactly("a", "b", "END");
        assertThat(room).as("one that has ended is not read again").containsExactly(false);
    }

    @Test
    void withNothingOnItsWayTheEndComesAtOnce() {
        up.end();
        assertThat(sent).containsExactly("END");
    }
}
