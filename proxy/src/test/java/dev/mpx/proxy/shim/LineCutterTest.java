package dev.mpx.proxy.shim;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class LineCutterTest {
    private final LineCutter cutter = new LineCutter(8, 1000);

    private List<String> pieces(String chunk) {
        byte[] bytes = chunk.getBytes(StandardCharsets.UTF_8);
        cutter.feed(bytes, bytes.length);
        List<String> pieces = new ArrayList<>();
        while (cutter.next()) {
            String text = new String(cutter.array(), cutter.from(), cutter.to() - cutter.from(), StandardCharsets.UTF_8);
            pieces.add((cutter.starts() ? "^" : "") + text + (cutter.ends() ? "$" : ""));
        }
        return pieces;
    }

    @Test
    void halfALineIsHeldUntilItsEndHasCome() {
        assertThat(pieces("ab\ncd")).containsExactly("^ab\n$");
        assertThat(cutter.isMidLine()).isFalse();
        assertThat(pieces("ef\r\ngh\n")).containsExactly("^cdef\r\n$", "^gh\n$");
    }

    @Test
    void aLineOverTheLimitPassesInPiecesAndTheNextIsHeldAgain() {
        assertThat(pieces("01234567")).isEmpty();
        assertThat(pieces("89")).containsExactly("^0123456789");
        assertThat(cutter.isMidLine()).isTrue();
        assertThat(pieces("x")).containsExactly("x");
        assertThat(pieces("y\nz")).containsExactly("y\n$");
        assertThat(cutter.isMidLine()).isFalse();
    }

    @Test
    void aLineIsReadAtItsEndHoweverItWasCut() {
        assertThat(pieces("{\"id\":1,\"method\"")).hasSize(1);
        assertThat(cutter.line()).isEmpty();
        assertThat(pieces(":\"m\"}\n")).hasSize(1);
        assertThat(cutter.line()).hasValueSatisfying(line -> assertThat(line.toString()).isEqualTo("{\"id\":1,\"method\":\"m\"}"));
    }

    @Property(tries = 300)
    void nothingIsLostOrAddedAndPiecesOfALineFollowEachOther(
            @ForAll List<@StringLength(max = 12) @CharRange(from = 'a', to = 'c') String> words, @ForAll @IntRange(min = 1, max = 9) int size) {
        LineCutter one = new LineCutter(8, 1000);
        String said = String.join("\n", words) + "\n";
        byte[] bytes = said.getBytes(StandardCharsets.UTF_8);
        StringBuilder got = new StringBuilder();
        boolean open = false;
        for (int at = 0; at < bytes.length; at += size) {
            byte[] chunk = java.util.Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + size));
            one.feed(chunk, chunk.length);
            while (one.next()) {
                got.append(new String(one.array(), one.from(), one.to() - one.from(), StandardCharsets.UTF_8));
                assertThat(one.starts()).isNotEqualTo(open);
                open = !one.ends();
            }
        }
        assertThat(got).hasToString(said);
    }
}
