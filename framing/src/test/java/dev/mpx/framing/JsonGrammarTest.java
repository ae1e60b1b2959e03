package dev.mpx.framing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The scanner accepts RFC 8259 in valid UTF-8 and nothing else. */
class JsonGrammarTest {
    static Stream<byte[]> accepted() {
        return Documents.accepted();
    }

    static Stream<byte[]> rejected() {
        return Documents.rejected();
    }

    @ParameterizedTest
    @MethodSource("accepted")
    void validTextIsAcceptedAndEveryMemberIsWhatJacksonFinds(byte[] json) {
        assertThat(JsonValue.parse(json).map(Jackson::tokens)).isPresent().isEqualTo(Jackson.tokens(json));
    }

    @ParameterizedTest
    @MethodSource("rejected")
    void invalidTextIsRejected(byte[] json) {
        assertThat(JsonValue.parse(json)).isEmpty();
        assertThat(Jackson.accepts(json)).isFalse();
    }

    @Property(tries = 500)
    void everyMemberOfAGeneratedTextIsWhatJacksonFinds(@ForAll("values") String text) {
        byte[] json = text.getBytes(StandardCharsets.UTF_8);

        assertThat(JsonValue.parse(json).map(Jackson::tokens)).isPresent().isEqualTo(Jackson.tokens(json));
    }

    @Property(tries = 3000)
    void aDamagedTextIsJudgedAsAStrictDecoderAndJacksonJudgeIt(@ForAll("damaged") byte[] json) {
        Assume.that(!Jackson.mayMisjudge(json));

        assertThat(JsonValue.parse(json).map(Jackson::tokens)).isEqualTo(Jackson.tokens(json));
    }

    @Property(tries = 3000)
    void bytesInAStringAreJudgedAsAStrictDecoderJudgesThem(@ForAll("nearlyUtf8") byte[] inside) {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        json.write('"');
        json.writeBytes(inside);
        json.write('"');

        assertThat(JsonValue.parse(json.toByteArray()).flatMap(JsonValue::text)).isEqualTo(Jackson.decode(inside));
    }

    @Provide
    Arbitrary<String> values() {
        return Documents.values();
    }

    private record Edit(int kind, int place, byte with) {}

    @Provide
    Arbitrary<byte[]> damaged() {
        Arbitrary<Byte> bytes = Arbitraries.oneOf(
                Arbitraries.of('"', '\\', '{', '}', '[', ']', ',', ':', '0', '-', '.', 'e', 'u', ' ', '\n', '\0', '\b')
                        .map(c -> (byte) (char) c),
                Arbitraries.bytes());
        Arbitrary<Edit> edit = Combinators.combine(
                        Arbitraries.integers().between(0, 4), Arbitraries.integers().between(0, 1 << 20), bytes)
                .as(Edit::new);
        return Combinators.combine(Documents.values(), edit.list().ofMinSize(1).ofMaxSize(3)).as(JsonGrammarTest::apply);
    }

    private static byte[] apply(String text, List<Edit> edits) {
        byte[] json = text.getBytes(StandardCharsets.UTF_8);
        for (Edit edit : edits) {
            int place = edit.place % (json.length + 1);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write(json, 0, place);
            switch (edit.kind) {
                case 0 -> out.write(edit.with);
                case 1 -> {
                    out.write(edit.with);
                    out.write(json, place, json.length - place);
                }
                case 2 -> out.write(json, 0, json.length);
                case 3 -> { }
                default -> out.write(json, Math.min(place + 1, json.length), Math.max(0, json.length - place - 1));
            }
            if (edit.kind == 0 && place < json.length) {
                out.write(json, place + 1, json.length - place - 1);
            }
            json = out.toByteArray();
        }
        return json;
    }

    @Provide
    Arbitrary<byte[]> nearlyUtf8() {
        Arbitrary<String> pieces = Arbitraries.of(
                "a", "12345678", "%C2%80", "%DF%BF", "%E0%A0%80", "%ED%9F%BF", "%EE%80%80", "%EF%BF%BF", "%F0%90%80%80",
                "%F4%8F%BF%BF", "%80", "%BF", "%C0", "%C1", "%C3", "%E0", "%ED", "%EF", "%F0", "%F4", "%F5", "%FF", "%9F",
                "%A0", "%8F", "%90");
        return pieces.list().ofMaxSize(6).map(list -> Documents.expand(String.join("", list)));
    }
}
