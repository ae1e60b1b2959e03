package dev.mpx.proxy.shim;

/** Which of two versions is newer. One that is not made of numbers and dots, such as {@code dev}, is never newer or older. */
final class VersionOrder {
    private VersionOrder() {}

    static boolean isNewer(String version, String than) {
        long[] mine = numbers(version);
        long[] theirs = numbers(than);
        if (mine.length == 0 || theirs.length == 0) {
            return false;
        }
        for (int i = 0; i < Math.max(mine.length, theirs.length); i++) {
            long a = i < mine.length ? mine[i] : 0;
            long b = i < theirs.length ? theirs[i] : 0;
            if (a != b) {
                return a > b;
            }
        }
        return false;
    }

    /** Empty if it is not made of numbers and dots. */
    private static long[] numbers(String version) {
        long[] parts = new long[version.length() + 1];
        int count = 0;
        boolean digit = false;
        for (int i = 0; i < version.length(); i++) {
            char c = version.charAt(i);
            if (c >= '0' && c <= '9') {
                parts[count] = parts[count] * 10 + c - '0';
                digit = true;
            } else if (c == '.' && digit) {
                count++;
                digit = false;
            } else {
                return new long[0];
            }
        }
        return digit ? java.util.Arrays.copyOf(parts, count + 1) : new long[0];
    }
}
