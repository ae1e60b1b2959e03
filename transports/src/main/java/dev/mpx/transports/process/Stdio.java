package dev.mpx.transports.process;

import dev.mpx.transports.flow.Outbox;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The way to a process's standard input and back from its standard output. Used on the link's scheduler, and tells everything there;
 * none of this blocks.
 */
interface Stdio {
    /** Who sends and is told. */
    interface Listener {
        /**
         * Bytes have come, which were wanted.
         *
         * @param chunk used up or copied when this returns
         * @return whether more are wanted
         */
        boolean chunk(ByteBuffer chunk);

        /** The output has ended, or was stopped; told once. */
        void outputEnded();

        /** The outbox has run empty after {@link #endInput}, and the input is closed. */
        void inputClosed();

        /** The input can't be written to any more. */
        void inputLost(IOException why);
    }

    /** Begins; to be called once, before all else. */
    void start(Outbox outbox, Listener listener);

    /** There is something in the outbox. */
    void wake();

    /** Close the input once the outbox is empty. Idempotent. */
    void endInput();

    /** Bytes are wanted. */
    void want();

    /** Nothing is wanted any more. Idempotent. */
    void stopOutput();
}
