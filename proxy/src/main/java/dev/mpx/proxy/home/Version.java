package dev.mpx.proxy.home;

/** Which mpx this is. The launcher passes it on, since reading a manifest would cost the shim time. */
public final class Version {
    private Version() {}

    /** Such as {@code 0.1.0}; {@code dev} where it was not started by the launcher. */
    public static String current() {
        return System.getProperty("mpx.version", "dev");
    }
}
