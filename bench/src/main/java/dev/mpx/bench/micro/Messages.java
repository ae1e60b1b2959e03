package dev.mpx.bench.micro;

/** Messages of a wanted length, as servers answer and agents ask. */
final class Messages {
    private static final String TEXT = "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"";
    private static final String END = "\"}]}}";
    private static final String SENTENCE = "The harbour master \\\"signed\\\" it at 07:30, in \u00dcbersee; see drawer 4711. ";

    private Messages() {}

    static String request(String id) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"tools/call\",\"params\":{\"name\":\"search\",\"arguments\":{}}}";
    }

    /** An answer of about so many bytes. */
    static String answer(String id, int length) {
        StringBuilder text = new StringBuilder(length).append(TEXT.formatted(id));
        while (text.length() + SENTENCE.length() + END.length() <= length) {
            text.append(SENTENCE);
        }
        while (text.length() + END.length() < length) {
            text.append('x');
        }
        return text.append(END).toString();
    }
}
