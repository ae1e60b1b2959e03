package dev.mpx.framing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SplicerTest {

    @Test
    void onlyTheReplacedValuesChange() {
        String line = " {\"x\":1.10, \"id\" : \"a\\u0062\",\"params\":{\"_meta\":{\"progressToken\":7},\"big\":1E400}} ";
        byte[] json = utf8(line);
        JsonValue message = JsonValue.parse(json).orElseThrow();

        Frame spliced = new Splicer(Frame.of(json))
                .replace(message.at("params", "_meta", "progressToken").orElseThrow(), utf8("\"t-1\""))
                .replace(message.get("id").orElseThrow(), utf8("12345"))
                .splice();

        assertThat(spliced).hasToString(line.replace("\"a\\u0062\"", "12345").replace(":7}", ":\"t-1\"}"));
    }

    @Test
    void aFrameWithinALargerArrayIsSplicedWithoutItsSurroundings() {
        byte[] batch = utf8("[{\"id\":1},{\"id\":2}]");
        Frame second = Frame.of(batch, 10, 18);
        JsonValue id = JsonValue.parse(batch).orElseThrow().elements().get(1).get("id").orElseThrow();

        assertThat(new Splicer(second).replace(id, utf8("99")).splice()).hasToString("{\"id\":99}");
    }

    @Test
    void aLargeFrameIsNotCopied() {
        byte[] json = utf8("{\"id\":1,\"text\":\"" + "x".repeat(20_000) + "\"}");
        JsonValue id = JsonValue.parse(json).orElseThrow().get("id").orElseThrow();

        Frame spliced = new Splicer(Frame.of(json)).replace(id, utf8("\"abc\"")).splice();

        assertThat(spliced.buffers()).hasSize(3);
        assertThat(spliced.length()).isEqualTo(json.length + 4);
        assertThat(spliced).hasToString(new String(json, StandardCharsets.UTF_8).replace("\"id\":1", "\"id\":\"abc\""));
        assertThat(spliced.contiguous().buffers()).hasSize(1);
    }

    @Property(tries = 300)
    void oneValueIsReplacedAsAmongSeveral(@ForAll("values") String text) {
        byte[] json = utf8("[" + text + "]");
        Frame inner = Frame.of(json, 1, json.length - 1);
        for (JsonValue leaf : leaves(JsonValue.parse(json).orElseThrow().elements().get(0))) {
            Frame expected = new Splicer(inner).replace(leaf, utf8("\"other\"")).splice();

            assertThat(Splicer.replaced(inner, leaf, utf8("\"other\"")).toBytes()).isEqualTo(expected.toBytes());
        }
    }

    @Test
    void aValueOfAnotherFrameIsNotReplaced() {
        JsonValue stranger = JsonValue.parse(utf8("{\"id\":1}")).orElseThrow().get("id").orElseThrow();

        assertThatThrownBy(() -> Splicer.replaced(Frame.of("{\"id\":1}"), stranger, utf8("2")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void nothingToReplaceLeavesTheFrameItself() {
        Frame frame = Frame.of("{}");

        assertThat(new Splicer(frame).splice()).isSameAs(frame);
    }

    @Test
    void valuesThatOverlapOrBelongElsewhereAreRefused() {
        byte[] json = utf8("{\"a\":{\"b\":1}}");
        JsonValue outer = JsonValue.parse(json).orElseThrow().get("a").orElseThrow();
        JsonValue inner = outer.get("b").orElseThrow();
        JsonValue foreign = JsonValue.parse(utf8("1")).orElseThrow();
        Splicer both = new Splicer(Frame.of(json)).replace(inner, utf8("2")).replace(outer, utf8("3"));

        assertThatThrownBy(both::splice).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Splicer(Frame.of(json)).replace(foreign, utf8("2")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Splicer(Frame.of(json, 0, 4)).replace(outer, utf8("2")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    static Stream<byte[]> accepted() {
        return Documents.accepted();
    }

    @ParameterizedTest
    @MethodSource("accepted")
    void splicingEveryValueWithItselfGivesTheSameBytes(byte[] json) {
        assertThat(splicedWithItself(json).toBytes()).isEqualTo(json);
    }

    @Property(tries = 500)
    void splicingEveryValueOfAGeneratedTextWithItselfGivesTheSameBytes(@ForAll("values") String text) {
        assertThat(splicedWithItself(utf8(text))).hasToString(text);
    }

    /** Blanks every second leaf: what is left must be what stood there, in place and length. */
    @Property(tries = 500)
    void splicingChangesOnlyTheBytesOfTheValues(@ForAll("values") String text) {
        byte[] json = utf8(text);
        List<JsonValue> leaves = leaves(JsonValue.parse(json).orElseThrow());
        Splicer splicer = new Splicer(Frame.of(json));
        byte[] expected = json.clone();
        for (int i = leaves.size() - 1; i >= 0; i -= 2) {
            JsonValue leaf = leaves.get(i);
            splicer.replace(leaf, utf8("#".repeat(leaf.length())));
            Arrays.fill(expected, leaf.from(), leaf.to(), (byte) '#');
        }

        assertThat(splicer.splice().toBytes()).isEqualTo(expected);
    }

    @Provide
    Arbitrary<String> values() {
        return Documents.values();
    }

    private static Frame splicedWithItself(byte[] json) {
        Splicer splicer = new Splicer(Frame.of(json));
        for (JsonValue leaf : leaves(JsonValue.parse(json).orElseThrow())) {
            splicer.replace(leaf, leaf.toBytes());
        }
        return splicer.splice();
    }

    private static List<JsonValue> leaves(JsonValue value) {
        List<JsonValue> leaves = new ArrayList<>();
        addLeaves(value, leaves);
        return leaves;
    }

    private static void addLeaves(JsonValue value, List<JsonValue> leaves) {
        List<JsonValue> inner = new ArrayList<>(value.elements());
        for (JsonValue.Member member : value.members()) {
            inner.add(member.value());
        }
        if (inner.isEmpty()) {
            leaves.add(value);
        }
        for (JsonValue one : inner) {
            addLeaves(one, leaves);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
