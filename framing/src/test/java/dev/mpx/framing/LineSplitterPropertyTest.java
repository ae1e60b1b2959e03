package dev.mpx.framing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** What comes out does not depend on how the bytes were cut. */
class LineSplitterPropertyTest {

    /** Any chunking gives what the definition of a line gives, for the whole stream at once. */
    @Property(tries = 2000)
    void anyChunkingOfAnyBytesGivesTheSameLines(
            @ForAll("streams") byte[] stream,
            @ForAll @Size(min = 1, max = 8) List<@IntRange(min = 1, max = 40) Integer> chunkSizes,
            @ForAll @IntRange(min = 1, max = 48) int limit,
            @ForAll boolean direct) {
        LineSplitter splitter = new LineSplitter(limit);
        List<String> lines = new ArrayList<>();
        int turn = 0;
        for (int at = 0; at < stream.length; ) {
            int size = Math.min(chunkSizes.get(turn++ % chunkSizes.size()), stream.length - at);
            ByteBuffer chunk = direct ? ByteBuffer.allocateDirect(size) : ByteBuffer.allocate(size);
            chunk.put(stream, at, size).flip();
            at += size;
            for (Optional<Line> line = splitter.next(chunk); line.isPresent(); line = splitter.next(chunk)) {
                lines.add(describe(line.get()));
            }
            assertThat(chunk.hasRemaining()).isFalse();
            assertThat(splitter.held()).isLessThanOrEqualTo(limit);
        }
        splitter.end().ifPresent(line -> lines.add(describe(line)));

        assertThat(lines).isEqualTo(expected(stream, limit));
    }

    @Property(tries = 500)
    void theIdAndTheMethodOfAnOversizedMessageAreFoundWhereverTheyStand(
            @ForAll("envelopes") String envelope, @ForAll @IntRange(min = 1, max = 40) int chunkSize) {
        byte[] json = envelope.getBytes(StandardCharsets.UTF_8);
        Assume.that(json.length > 1);
        LineSplitter splitter = new LineSplitter(1);
        for (int at = 0; at < json.length; at += chunkSize) {
            splitter.next(ByteBuffer.wrap(json, at, Math.min(chunkSize, json.length - at)));
        }

        JsonValue message = JsonValue.parse(json).orElseThrow();
        List<JsonValue> ids = message.members().stream()
                .filter(member -> member.name().equals("id"))
                .map(JsonValue.Member::value)
                .toList();
        Optional<RpcId> id = ids.size() == 1 ? RpcId.of(ids.get(0)) : Optional.empty();
        assertThat(splitter.next(ByteBuffer.wrap(new byte[] {'\n'})))
                .contains(new OversizedLine(json.length, id, message.get("method").isPresent()));
    }

    @Provide
    Arbitrary<String> envelopes() {
        return Documents.envelopes();
    }

    @Provide
    Arbitrary<byte[]> streams() {
        Arbitrary<byte[]> pieces = Arbitraries.oneOf(
                Arbitraries.of("\n", "\r\n", "\r", "\n\n", " ", "\t \n", "{\"id\":1}\n", "{\"a\":[]}\r\n", "é€😀", "{\"id\":\"é\",")
                        .map(text -> text.getBytes(StandardCharsets.UTF_8)),
                Documents.envelopes().map(text -> (text + "\n").getBytes(StandardCharsets.UTF_8)),
                Arbitraries.bytes().array(byte[].class).ofMaxSize(60));
        return pieces.list().ofMaxSize(8).map(list -> {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            list.forEach(out::writeBytes);
            return out.toByteArray();
        });
    }

    /** The definition, said once more and with no regard to memory. */
    private static List<String> expected(byte[] stream, int limit) {
        List<String> lines = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= stream.length; i++) {
            if (i == stream.length || stream[i] == '\n') {
                int end = i > start && stream[i - 1] == '\r' ? i - 1 : i;
                String line = new String(stream, start, end - start, StandardCharsets.ISO_8859_1);
                if (line.chars().anyMatch(c -> " \t\r\n".indexOf(c) < 0)) {
                    lines.add(end - start > limit ? "oversized " + (end - start) : line);
                }
                start = i + 1;
            }
        }
        return lines;
    }

    private static String describe(Line line) {
        return line instanceof OversizedLine oversized
                ? "oversized " + oversized.length()
                : new String(((Frame) line).toBytes(), StandardCharsets.ISO_8859_1);
    }
}
