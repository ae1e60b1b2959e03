package dev.mpx.proxy.mux;

import dev.mpx.framing.Frame;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The responses to one batch (revision 2025-03-26 only), sent as one array once the last is there. A batch of
 * nothing but notifications and responses is answered with nothing.
 */
final class Batch {
    private final Consumer<Frame> out;
    private final List<Frame> responses = new ArrayList<>();
    private int open = 1;

    Batch(Consumer<Frame> out) {
        this.out = out;
    }

    /** A place in the array for one request's response. */
    ReplyTo slot() {
        open++;
        return new ReplyTo() {
            @Override
            public void reply(Frame response) {
                responses.add(response);
                settle();
            }

            @Override
            public void forgo() {
                settle();
            }
        };
    }

    /** Every element has been looked at; from now on the array may go out. */
    void complete() {
        settle();
    }

    private void settle() {
        open--;
        if (open == 0 && !responses.isEmpty()) {
            out.accept(array());
        }
    }

    private Frame array() {
        int length = responses.stream().mapToInt(Frame::length).sum() + responses.size() + 1;
        ByteArrayOutputStream array = new ByteArrayOutputStream(length);
        char before = '[';
        for (Frame response : responses) {
            array.write(before);
            array.writeBytes(response.toBytes());
            before = ',';
        }
        array.write(']');
        return Frame.of(array.toByteArray());
    }
}
