package dev.mpx.proxy.cli;

import dev.mpx.proxy.status.Plain;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Passes text on that a terminal can do nothing with but show it, see {@link Plain#lines}; what is no UTF-8 becomes U+FFFD. A character
 * may come in parts. Not thread-safe.
 */
final class PlainOutput extends OutputStream {
    private static final int LONGEST_CHARACTER = 4;

    private final OutputStream out;
    private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    /** The beginning of a character, between two calls. */
    private ByteBuffer begun = ByteBuffer.allocate(0);

    PlainOutput(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(int single) throws IOException {
        write(new byte[] {(byte) single}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        ByteBuffer in = ByteBuffer.allocate(begun.remaining() + length).put(begun).put(bytes, from, length).flip();
        pass(in, false);
        begun = ByteBuffer.allocate(LONGEST_CHARACTER).put(in).flip();
    }

    private void pass(ByteBuffer in, boolean isEnd) throws IOException {
        CharBuffer text = CharBuffer.allocate(in.remaining() + 1);
        decoder.decode(in, text, isEnd);
        out.write(Plain.lines(text.flip().toString().replace("\r\n", "\n")).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    /** What has begun is no character any more. */
    @Override
    public void close() throws IOException {
        pass(begun, true);
        out.close();
    }
}
