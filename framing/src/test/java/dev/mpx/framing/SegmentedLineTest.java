package dev.mpx.framing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How large the arrays are that a long line stands in: which generation of the heap they are made in depends on it. */
class SegmentedLineTest {
    private static final int READ = 64 * 1024;

    /** The arrays of a line of so many bytes that comes as it is read. */
    private static List<Integer> arrays(int length) {
        SegmentedLine line = new SegmentedLine(new byte[SegmentedLine.SEGMENT], SegmentedLine.SEGMENT);
        for (int at = SegmentedLine.SEGMENT; at < length; at += READ) {
            int n = Math.min(READ, length - at);
            line.append(ByteBuffer.allocate(n), 0, n, at + n == length);
        }
        assertThat(line.size()).isEqualTo(length);
        return line.parts().stream().map(part -> part.array().length).toList();
    }

    @Test
    void aLineThatASurvivorSpaceHoldsIsMadeOfSmallArrays() {
        assertThat(arrays((1 << 20) + 100)).hasSize(17).allSatisfy(length -> assertThat(length).isLessThanOrEqualTo(SegmentedLine.SEGMENT));
        assertThat(arrays(SegmentedLine.LARGE)).allSatisfy(length -> assertThat(length).isLessThanOrEqualTo(SegmentedLine.SEGMENT));
    }

    @Test
    void aLongerOneGoesOnInLargeArrays() {
        assertThat(arrays(SegmentedLine.LARGE + SegmentedLine.LARGE_SEGMENT).subList(17, 18)).containsExactly(SegmentedLine.LARGE_SEGMENT);
    }

    @Test
    void theLastArrayIsNoLargerThanWhatIsLeft() {
        List<Integer> arrays = arrays((1 << 20) + 100);
        assertThat(arrays.get(arrays.size() - 1)).isEqualTo(100);
    }
}
