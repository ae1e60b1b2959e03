package dev.mpx.transports;

/** A frame on its way out: has it begun to leave, and can it be taken back? Used on the link's scheduler. */
public interface Sending {
    /** A frame that nobody will ever send: its link is closed, or there is none. */
    Sending NEVER = new Sending() {
        @Override
        public boolean begun() {
            return false;
        }

        @Override
        public boolean withdraw() {
            return true;
        }
    };

    /** Whether one byte of it may have reached the other side. Once true, always true. */
    boolean begun();

    /** Takes the frame back out of the outbox. True if not one byte of it has left or ever will. */
    boolean withdraw();
}
