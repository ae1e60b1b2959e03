package dev.mpx.proxy.mux;

import dev.mpx.transports.Sending;

/** A frame for a child that is not there: it never leaves. */
enum Unsent implements Sending {
    SENDING;

    @Override
    public boolean begun() {
        return false;
    }

    @Override
    public boolean withdraw() {
        return true;
    }
}
