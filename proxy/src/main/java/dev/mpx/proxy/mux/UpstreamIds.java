package dev.mpx.proxy.mux;

/** The ids under which the child sees requests: numbers, none ever used twice in this daemon's life. */
final class UpstreamIds {
    private long last;

    long next() {
        return ++last;
    }
}
