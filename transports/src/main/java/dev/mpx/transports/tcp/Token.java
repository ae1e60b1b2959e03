package dev.mpx.transports.tcp;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;

/** What a client shows before anything else: 256 bits, as 64 hexadecimal digits in the line {@code mpx-token DIGITS}. */
public final class Token {
    private static final int BYTES = 32;
    private static final String WORD = "mpx-token ";
    /** Of the line with its newline, in bytes. */
    static final int LINE_BYTES = WORD.length() + 2 * BYTES + 1;

    private final String digits;
    private final byte[] line;

    private Token(String digits) {
        this.digits = digits;
        this.line = (WORD + digits + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    public static Token random(SecureRandom random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return new Token(HexFormat.of().formatHex(bytes));
    }

    /** The digits, small letters; for a file that only its owner reads. */
    public String digits() {
        return digits;
    }

    /** Whether these bytes are the line, newline included; takes as long for any bytes of that number. */
    boolean isShownBy(byte[] bytes) {
        return MessageDigest.isEqual(line, bytes);
    }

    /** Not the digits: this may get into a log. */
    @Override
    public String toString() {
        return "Token";
    }
}
