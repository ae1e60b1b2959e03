package dev.mpx.framing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LineSplitterTest {
    private final LineSplitter splitter = new LineSplitter(32);

    @Test
    void aChunkIsUsedUpToTheNewlineOfTheLineThatWasTaken() {
        ByteBuffer chunk = utf8("{}\n[]\nrest");

        assertThat(splitter.next(chunk)).get().hasToString("{}");
        assertThat(chunk.remaining()).isEqualTo("[]\nrest".length());
        assertThat(splitter.next(chunk)).get().hasToString("[]");
        assertThat(splitter.next(chunk)).isEmpty();
        assertThat(chunk.hasRemaining()).isFalse();
    }

    @Test
    void oneCarriageReturnBeforeTheNewlineIsDropped() {
        assertThat(lines("a\r\n", "b\r", "\n", "c\r\r\n", "d\re\n")).containsExactly("a", "b", "c\r", "d\re");
    }

    @Test
    void linesOfNothingButWhiteSpaceAreSkipped() {
        assertThat(lines("\n\r\n  \t\n", " ", "\n", "a\n \r\r\n")).containsExactly("a");
    }

    @Test
    void aCharacterSplitAcrossChunksStaysWhole() {
        byte[] euro = "€".getBytes(StandardCharsets.UTF_8);

        assertThat(splitter.next(ByteBuffer.wrap(euro, 0, 1))).isEmpty();
        assertThat(splitter.next(ByteBuffer.wrap(euro, 1, 1))).isEmpty();
        assertThat(splitter.next(ByteBuffer.wrap(euro, 2, 1))).isEmpty();
        assertThat(splitter.next(utf8("\n"))).get().hasToString("€");
    }

    @Test
    void theRestWithoutANewlineIsALine() {
        splitter.next(utf8("{\"a\":1}\r"));

        assertThat(splitter.end()).get().hasToString("{\"a\":1}");
        assertThat(splitter.end()).isEmpty();
    }

    @Test
    void aLineOfExactlyTheLimitIsKept() {
        String line = "x".repeat(32);

        assertThat(lines(line + "\r\n", line, "\r", "\n" + line + "\n")).containsExactly(line, line, line);
    }

    @Test
    void aLineOverTheLimitLeavesItsIdAndTheStreamGoesOn() {
        String before = "{\"id\":\"first\",\"method\":\"tools/call\",\"params\":\"" + "x".repeat(100) + "\"}";
        String after = "{\"result\":{\"id\":2,\"method\":\"no\"},\"x\":\"" + "\\\"".repeat(100) + "\",\"i\\u0064\" : 7 }";

        List<Line> taken = take(utf8(before + "\n{}\n" + after + "\r\n[]\n"));

        assertThat(taken.get(0)).isEqualTo(new OversizedLine(before.length(), Optional.of(RpcId.of("first")), true));
        assertThat(taken.get(1)).hasToString("{}");
        assertThat(taken.get(2)).isEqualTo(new OversizedLine(after.length(), Optional.of(RpcId.of(7)), false));
        assertThat(taken.get(3)).hasToString("[]");
    }

    @Test
    void anOversizedLineThatDoesNotEndIsReportedAtTheEnd() {
        String line = "{\"id\":5,\"method\":\"m\",\"params\":[" + "1,".repeat(100);

        assertThat(take(utf8(line))).isEmpty();
        assertThat(splitter.end()).contains(new OversizedLine(line.length(), Optional.of(RpcId.of(5)), true));
    }

    @Test
    void anOversizedLineWithoutOneLegalTopLevelIdHasNone() {
        String filler = ",\"x\":\"" + "x".repeat(50) + "\"}";
        for (String start : List.of(
                "{\"id\":null", "{\"id\":1.5", "{\"id\":{\"id\":1}", "{\"id\":1,\"id\":1", "{\"id\":1 2", "{\"id\":\"\\x\"",
                "{\"y\":{\"id\":1}", "[{\"id\":1}", "\"id\":1", "{\"y\":\"\\\"id\\\":1\"")) {
            Line line = take(utf8(start + filler + "\n")).get(0);

            assertThat(line).as(start).isInstanceOfSatisfying(
                    OversizedLine.class, oversized -> assertThat(oversized.id()).isEmpty());
        }
    }

    @Test
    void anIdOfTenThousandCharactersIsFoundInAnOversizedLineButNotAnEndlessOne() {
        String id = "i".repeat(10_000);
        String endless = "i".repeat(OversizedScan.LONGEST_ID + 1);

        assertThat(take(utf8("{\"id\":\"" + id + "\"}\n")).get(0))
                .isEqualTo(new OversizedLine(id.length() + 9, Optional.of(RpcId.of(id)), false));
        assertThat(take(utf8("{\"id\":\"" + endless + "\"}\n")).get(0))
                .isEqualTo(new OversizedLine(endless.length() + 9, Optional.empty(), false));
    }

    @Test
    void memoryGrowsByDoublingUpToASegmentThenBySegmentsAndIsFreedWithTheLine() {
        LineSplitter large = new LineSplitter(300_000);
        ByteBuffer chunk = utf8("x".repeat(1000));
        List<Integer> held = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            large.next(chunk.rewind());
            held.add(large.held());
        }

        int segment = SegmentedLine.SEGMENT;
        assertThat(held).startsWith(1000, 2000, 4000, 4000, 8000).isSorted().endsWith(4 * segment);
        assertThat(held).contains(segment, 2 * segment, 3 * segment);
        assertThat(large.next(utf8("\n"))).get().isInstanceOf(Frame.class);
        assertThat(large.held()).isZero();
    }

    @Test
    void theLimitHoldsForALineInSegmentsToo() {
        LineSplitter large = new LineSplitter(200_000);
        for (int i = 0; i < 200; i++) {
            assertThat(large.next(utf8("x".repeat(1000)))).isEmpty();
        }
        assertThat(large.next(utf8("\n"))).get().isInstanceOfSatisfying(
                Frame.class, frame -> assertThat(frame.length()).isEqualTo(200_000));
        large.next(utf8("{\"id\":7,\"text\":\"" + "x".repeat(199_000)));
        assertThat(large.held()).isGreaterThanOrEqualTo(199_000);
        large.next(utf8("x".repeat(1000)));
        assertThat(large.held()).isZero();
        assertThat(large.next(utf8("\"}\n"))).contains(new OversizedLine(200_018, Optional.of(RpcId.of(7)), false));
    }

    @Test
    void nothingIsHeldOfALineOverTheLimitOrWithinOneChunk() {
        splitter.next(utf8("{}\n"));
        assertThat(splitter.held()).isZero();

        splitter.next(utf8("x".repeat(20)));
        assertThat(splitter.held()).isPositive();
        splitter.next(utf8("x".repeat(20)));
        assertThat(splitter.held()).isZero();
    }

    private List<String> lines(String... chunks) {
        List<String> lines = new ArrayList<>();
        for (String chunk : chunks) {
            take(utf8(chunk)).forEach(line -> lines.add(line.toString()));
        }
        return lines;
    }

    private List<Line> take(ByteBuffer chunk) {
        List<Line> lines = new ArrayList<>();
        for (Optional<Line> line = splitter.next(chunk); line.isPresent(); line = splitter.next(chunk)) {
            lines.add(line.get());
        }
        return lines;
    }

    private static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
