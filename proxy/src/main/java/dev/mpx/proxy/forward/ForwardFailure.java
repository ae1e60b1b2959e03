package dev.mpx.proxy.forward;

/** Why nothing is forwarded. The message is a sentence for a person, with what helps. */
public final class ForwardFailure extends Exception {
    private static final long serialVersionUID = 1L;

    ForwardFailure(String message) {
        super(message);
    }
}
