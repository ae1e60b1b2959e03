package dev.mpx.proxy.daemon;

/** The version of this mpx. */
final class Version {
    static final String CURRENT = "0.1.0";

    private Version() {}
}
