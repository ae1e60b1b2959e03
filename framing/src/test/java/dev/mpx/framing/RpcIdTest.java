package dev.mpx.framing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class RpcIdTest {

    @Test
    void idsAreEqualWhenTheyMeanTheSameValue() {
        assertThat(id("\"a\"")).isEqualTo(id("\"\\u0061\"")).hasSameHashCodeAs(id("\"\\u0061\""));
        assertThat(id("\"é/\"")).isEqualTo(id("\"\\u00E9\\/\"")).hasSameHashCodeAs(id("\"\\u00E9\\/\""));
        assertThat(id("-0")).isEqualTo(id("0")).hasSameHashCodeAs(id("0"));
        assertThat(id("\"\\ud800\"")).isEqualTo(id("\"\\uD800\""));
    }

    @Test
    void idsOfDifferentValuesOrKindsAreDifferent() {
        assertThat(id("1")).isNotEqualTo(id("\"1\"")).isNotEqualTo(id("-1"));
        assertThat(id("\"\\ud800\"")).isNotEqualTo(id("\"?\"")).isNotEqualTo(id("\"\\udc00\""));
        assertThat(id("\"\"")).isNotEqualTo(id("0"));
        assertThat(id("9223372036854775808")).isNotEqualTo(id("-9223372036854775808"));
    }

    @Test
    void anIdKeepsTheBytesItCameAs() {
        assertThat(id("\"\\u0061\"").json()).asString().isEqualTo("\"\\u0061\"");
        assertThat(id("-0")).hasToString("-0");
    }

    @Test
    void anIdOwnsItsBytes() {
        byte[] json = "[17]".getBytes(StandardCharsets.UTF_8);
        RpcId id = RpcId.of(JsonValue.parse(json).orElseThrow().elements().get(0)).orElseThrow();
        json[1] = '9';

        assertThat(id).hasToString("17");
    }

    @Test
    void aNumberIsOneIdWhetherItFitsOrNot() {
        for (String json : new String[] {"0", "-1", "9223372036854775807", "-9223372036854775808", "9223372036854775808",
            "-9223372036854775809", "18446744073709551616", "99999999999999999999"}) {
            assertThat(id(json)).as(json).hasToString(json).isEqualTo(id(json)).hasSameHashCodeAs(id(json));
        }
    }

    @Test
    void onlyIntegersThatFitHaveANumber() {
        assertThat(id("9223372036854775807").number()).contains(Long.MAX_VALUE);
        assertThat(id("-9223372036854775808").number()).contains(Long.MIN_VALUE);
        assertThat(id("9223372036854775808").number()).isEmpty();
        assertThat(id("-9223372036854775809").number()).isEmpty();
        assertThat(id("10000000000000000000").number()).isEmpty();
        assertThat(id("123456789012345678901234567890").number()).isEmpty();
        assertThat(id("\"1\"").number()).isEmpty();
    }

    @Test
    void onlyStringsHaveAText() {
        assertThat(id("\"\\u0061\\n\"").text()).contains("a\n");
        assertThat(id("1").text()).isEmpty();
    }

    @Test
    void whatIsNeitherStringNorIntegerIsNoId() {
        for (String json : new String[] {"null", "true", "1.0", "1e0", "{}", "[]"}) {
            assertThat(JsonValue.parse(json.getBytes(StandardCharsets.UTF_8)).flatMap(RpcId::of)).as(json).isEmpty();
        }
    }

    @Property
    void everyNumberIsFoundAgain(@ForAll long number) {
        assertThat(RpcId.of(number).number()).contains(number);
        assertThat(RpcId.of(number)).isEqualTo(id(Long.toString(number))).hasToString(Long.toString(number));
    }

    @Property
    void everyTextIsFoundAgain(@ForAll String text) {
        RpcId id = RpcId.of(text);

        assertThat(id.text()).isEqualTo(Optional.of(text));
        assertThat(JsonValue.parse(id.json()).flatMap(RpcId::of)).contains(id);
    }

    private static RpcId id(String json) {
        return JsonValue.parse(json.getBytes(StandardCharsets.UTF_8)).flatMap(RpcId::of).orElseThrow();
    }
}
