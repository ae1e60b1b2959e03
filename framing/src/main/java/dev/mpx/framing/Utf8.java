package dev.mpx.framing;

/** Well-formed UTF-8, as RFC 3629 section 4 and the Unicode Standard's table 3-7 define it. */
final class Utf8 {
    private Utf8() {}

    /** Behind the character of more than one byte at {@code i}, or -1 if there is none that is well formed. */
    static int afterCharacter(byte[] bytes, int i, int to) {
        int lead = bytes[i] & 0xff;
        int end;
        // Only the second byte's range depends on the first: no overlong forms, no surrogates, no end beyond U+10FFFF.
        int low = 0x80;
        int high = 0xbf;
        if (lead >= 0xc2 && lead <= 0xdf) {
            end = i + 2;
        } else if (lead >= 0xe0 && lead <= 0xef) {
            end = i + 3;
            low = lead == 0xe0 ? 0xa0 : low;
            high = lead == 0xed ? 0x9f : high;
        } else if (lead >= 0xf0 && lead <= 0xf4) {
            end = i + 4;
            low = lead == 0xf0 ? 0x90 : low;
            high = lead == 0xf4 ? 0x8f : high;
        } else {
            return -1;
        }
        if (end > to) {
            return -1;
        }
        int second = bytes[i + 1] & 0xff;
        if (second < low || second > high) {
            return -1;
        }
        for (int k = i + 2; k < end; k++) {
            if ((bytes[k] & 0xc0) != 0x80) {
                return -1;
            }
        }
        return end;
    }
}
