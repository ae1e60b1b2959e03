package dev.mpx.proxy.guest;

/** A command that a limited key does not allow. The message goes behind "that is refused: ". */
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    public RefusedException(String why) {
        super(why);
    }
}
