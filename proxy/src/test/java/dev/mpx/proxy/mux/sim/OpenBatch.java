package dev.mpx.proxy.mux.sim;

import dev.mpx.framing.Frame;
import dev.mpx.framing.Message;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** A batch of a client whose array of answers has not gone out. */
final class OpenBatch {
    private final SimClient client;
    private final Expectations expectations;
    private final List<Expectations.Line> answers = new ArrayList<>();
    private int open = 1;

    OpenBatch(SimClient client, Expectations expectations) {
        this.client = client;
        this.expectations = expectations;
    }

    void slot() {
        open++;
    }

    void answered(Expectations.Line answer) {
        answers.add(answer);
        settled();
    }

    /** One answer less is to be waited for; with the last, the array is due. */
    void settled() {
        open--;
        if (open == 0 && !answers.isEmpty()) {
            expectations.must(client.link, new Expectations.Line("the array of " + answers, this::fits));
        }
    }

    private boolean fits(String text) {
        if (!(Message.read(Frame.of(text)) instanceof Message.Batch array) || array.elements().size() != answers.size()) {
            return false;
        }
        List<Expectations.Line> left = new ArrayList<>(answers);
        for (Frame element : array.elements()) {
            boolean found = false;
            for (Iterator<Expectations.Line> all = left.iterator(); !found && all.hasNext(); ) {
                if (all.next().fits().test(element.toString())) {
                    all.remove();
                    found = true;
                }
            }
            if (!found) {
                return false;
            }
        }
        return true;
    }
}
