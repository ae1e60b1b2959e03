package dev.mpx.proxy.home;

import java.nio.charset.StandardCharsets;

/**
 * Short names for long texts: 64-bit FNV-1a in hexadecimal. Not for secrets: two command lines that
 * met in one home would be told apart there ({@link ServerCommand#differenceFrom}), and loading a digest from the
 * security providers costs a shim more than everything else in this package. Stateless.
 */
final class Hash {
    private static final long OFFSET_BASIS = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    private Hash() {}

    static String of(String text) {
        long hash = OFFSET_BASIS;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * PRIME;
        }
        String hex = Long.toHexString(hash);
        return "0".repeat(16 - hex.length()) + hex;
    }
}
