package dev.mpx.framing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.framing.JsonValue.Kind;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class JsonValueTest {

    @Test
    void theFirstByteTellsTheKind() {
        assertThat(parse(" {}").kind()).isEqualTo(Kind.OBJECT);
        assertThat(parse("[]").kind()).isEqualTo(Kind.ARRAY);
        assertThat(parse("\"\"").kind()).isEqualTo(Kind.STRING);
        assertThat(parse("-1").kind()).isEqualTo(Kind.NUMBER);
        assertThat(parse("true").kind()).isEqualTo(Kind.TRUE);
        assertThat(parse("false").kind()).isEqualTo(Kind.FALSE);
        assertThat(parse("null ").kind()).isEqualTo(Kind.NULL);
    }

    @Test
    void aMemberIsFoundByItsDecodedName() {
        JsonValue object = parse("{\"a\":1,\"\\u0062\":2,\"é\":3,\"\\ud83d\\ude00\":4,\"\":5,\"x\\/y\":6,\"lone\\ud800\":7}");

        assertThat(object.get("b")).get().hasToString("2");
        assertThat(object.get("é")).get().hasToString("3");
        assertThat(object.get("😀")).get().hasToString("4");
        assertThat(object.get("")).get().hasToString("5");
        assertThat(object.get("x/y")).get().hasToString("6");
        assertThat(object.get("lone\ud800")).get().hasToString("7");
        assertThat(object.get("\\u0062")).isEmpty();
        assertThat(object.get("ab")).isEmpty();
    }

    @Test
    void theLastOfRepeatedMembersIsFound() {
        assertThat(parse("{\"a\":1,\"b\":0,\"\\u0061\":2}").get("a")).get().hasToString("2");
    }

    @Test
    void aPathLeadsThroughObjectsOnly() {
        JsonValue value = parse("{\"params\":{\"_meta\":{\"progressToken\":0}},\"list\":[{\"a\":1}]}");

        assertThat(value.at("params", "_meta", "progressToken").flatMap(JsonValue::integer)).contains(0L);
        assertThat(value.at()).containsSame(value);
        assertThat(value.at("params", "nothing", "progressToken")).isEmpty();
        assertThat(value.at("list", "a")).isEmpty();
    }

    @Test
    void onlyObjectsHaveMembersAndOnlyArraysHaveElements() {
        for (String json : new String[] {"{}", "[]", "1", "\"{\"", "null"}) {
            assertThat(parse(json).members()).isEmpty();
            assertThat(parse(json).elements()).isEmpty();
            assertThat(parse(json).get("a")).isEmpty();
        }
        assertThat(parse("[ 1 , [2,3] ,{\"a\":4} ]").elements()).extracting(JsonValue::toString)
                .containsExactly("1", "[2,3]", "{\"a\":4}");
    }

    @Test
    void anIntegerIsOneThatFitsAndHasNeitherFractionNorExponent() {
        assertThat(parse("-42").integer()).contains(-42L);
        assertThat(parse("1.0").integer()).isEmpty();
        assertThat(parse("1e1").integer()).isEmpty();
        assertThat(parse("9223372036854775808").integer()).isEmpty();
        assertThat(parse("\"1\"").integer()).isEmpty();
    }

    @Test
    void onlyTrueIsTrue() {
        assertThat(parse("true").isTrue()).isTrue();
        assertThat(parse("\"true\"").isTrue()).isFalse();
    }

    @Test
    void itsBytesAreThoseItStandsOn() {
        JsonValue value = parse("{\"n\": 1.10 }").get("n").orElseThrow();

        assertThat(value).hasToString("1.10");
        assertThat(value.length()).isEqualTo(4);
        assertThat(value.toBytes()).asString().isEqualTo("1.10");
    }

    private static JsonValue parse(String json) {
        return JsonValue.parse(json.getBytes(StandardCharsets.UTF_8)).orElseThrow();
    }
}
