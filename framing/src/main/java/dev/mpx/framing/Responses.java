package dev.mpx.framing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Writes the response lines that mpx itself gives (JSON-RPC 2.0, section 5). Stateless. Without lambdas: the shim writes its last
 * answers within the milliseconds that an agent leaves it.
 */
public final class Responses {
    private static final byte[] HEAD = ascii("{\"jsonrpc\":\"2.0\",\"id\":");
    private static final byte[] RESULT = ascii(",\"result\":");
    private static final byte[] CODE = ascii(",\"error\":{\"code\":");
    private static final byte[] MESSAGE = ascii(",\"message\":");
    private static final byte[] DATA = ascii(",\"data\":");
    private static final byte[] NULL = ascii("null");
    private static final byte[] END = ascii("}");

    private Responses() {}

    /**
     * An error response.
     *
     * @param id that of the request; {@code null} is written where it is not known
     * @param dataJson valid JSON without line breaks
     */
    public static Frame error(Optional<RpcId> id, int code, String message, Optional<String> dataJson) {
        byte[] start = join(HEAD, id.isPresent() ? id.get().json() : NULL, CODE, ascii(Integer.toString(code)), MESSAGE,
                JsonText.quote(message));
        byte[] data = dataJson.isPresent() ? join(DATA, dataJson.get().getBytes(StandardCharsets.UTF_8)) : new byte[0];
        return Frame.of(join(start, data, END, END));
    }

    /**
     * A successful response.
     *
     * @param resultJson valid JSON without line breaks; not copied if it is large, so not to be written to afterwards
     */
    public static Frame result(RpcId id, byte[] resultJson) {
        if (resultJson.length <= Splicer.COPY_LIMIT) {
            return Frame.of(join(HEAD, id.json(), RESULT, resultJson, END));
        }
        return Frame.gather(List.of(
                ByteBuffer.wrap(join(HEAD, id.json(), RESULT)), ByteBuffer.wrap(resultJson), ByteBuffer.wrap(END)));
    }

    private static byte[] join(byte[]... pieces) {
        int length = 0;
        for (byte[] piece : pieces) {
            length = Math.addExact(length, piece.length);
        }
        ByteBuffer joined = ByteBuffer.allocate(length);
        for (byte[] piece : pieces) {
            joined.put(piece);
        }
        return joined.array();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
