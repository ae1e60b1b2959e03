package dev.mpx.framing;

/** The member names to which JSON-RPC 2.0 (sections 4 and 5) gives a meaning, told by their bytes. */
final class TopLevelName {
    /** The most bytes that one of them takes: each of its letters as an escape. */
    static final int LONGEST = 6 * "jsonrpc".length();

    private TopLevelName() {}

    /**
     * The name that begins behind a quote at {@code from}, decoded if it has escapes.
     *
     * @param bytes holds a valid JSON string there, closing quote included
     * @return one of the six names, or an empty string for any other
     */
    static String of(byte[] bytes, int from) {
        return switch (bytes[from]) {
            case 'j' -> is(bytes, from, "jsonrpc");
            case 'i' -> is(bytes, from, "id");
            case 'm' -> is(bytes, from, "method");
            case 'p' -> is(bytes, from, "params");
            case 'r' -> is(bytes, from, "result");
            case 'e' -> is(bytes, from, "error");
            case '\\' -> decoded(bytes, from);
            default -> "";
        };
    }

    private static String is(byte[] bytes, int from, String name) {
        for (int i = 0; i < name.length(); i++) {
            byte b = bytes[from + i];
            if (b == '\\') {
                return decoded(bytes, from);
            }
            if (b != name.charAt(i)) {
                return "";
            }
        }
        byte next = bytes[from + name.length()];
        return next == '"' ? name : "";
    }

    private static String decoded(byte[] bytes, int from) {
        int to = from;
        while (bytes[to] != '"') {
            to += bytes[to] == '\\' ? 2 : 1;
        }
        String name = JsonText.decode(bytes, from, to);
        return switch (name) {
            case "jsonrpc", "id", "method", "params", "result", "error" -> name;
            default -> "";
        };
    }
}
