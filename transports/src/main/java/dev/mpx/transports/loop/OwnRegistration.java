package dev.mpx.transports.loop;

import java.nio.channels.SelectionKey;
import java.util.function.Consumer;

/** A channel on the loop's own selector. */
final class OwnRegistration extends Registration {
    private SelectionKey key;

    OwnRegistration(Readiness readiness, Consumer<Registration> ended) {
        super(readiness, ended);
    }

    void key(SelectionKey made) {
        this.key = made;
    }

    @Override
    void watchFor(int ops) {
        if (key.interestOps() != ops) {
            key.interestOps(ops);
        }
    }

    @Override
    void forget() {
        key.cancel();
    }
}
