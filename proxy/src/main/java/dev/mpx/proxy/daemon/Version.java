package dev.mpx.proxy.daemon;

/** The version of this mpx. */
final class Version {
    static final String CURRENT = System.getProperty("mpx.version", "dev");

    private Version() {}
}
