package dev.mpx.proxy.home;

/** What was asked for can't be set up. The message is a plain sentence for whoever asked, with what helps. */
public final class HomeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public HomeException(String message) {
        super(message);
    }

    public HomeException(String message, Throwable cause) {
        super(message, cause);
    }
}
