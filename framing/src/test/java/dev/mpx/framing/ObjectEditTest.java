package dev.mpx.framing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ObjectEditTest {
    private static ObjectEdit edit(String json) {
        return new ObjectEdit(JsonValue.parse(json.getBytes(StandardCharsets.UTF_8)).orElseThrow());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(ObjectEdit edit) {
        return new String(edit.toBytes(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{ \"x\" : 1 , \"b\" : 2 , \"c\" : 3 } | {\"b\" : 2 , \"c\" : 3 }",
        "{ \"a\" : 1 , \"x\" : 2 , \"c\" : 3 } | { \"a\" : 1 , \"c\" : 3 }",
        "{ \"a\" : 1 , \"b\" : 2 , \"x\" : 3 } | { \"a\" : 1 , \"b\" : 2 }",
        "{\"x\":1,\"\\u0078\":2,\"b\":3,\"x\":4} | {\"b\":3}",
        "{\"x\":{\"x\":1}} | {}",
        "{} | {}",
    })
    void whatIsLeftOutTakesItsCommaWithIt(String before, String after) {
        assertThat(text(edit(before).remove(member -> member.name().equals("x")))).isEqualTo(after);
    }

    @Test
    void anotherValueStandsWhereTheOldOneStood() {
        assertThat(text(edit("{ \"a\" : [1] , \"b\" : 1.10 }").set("a", bytes("true")))).isEqualTo("{ \"a\" : true , \"b\" : 1.10 }");
    }

    @Test
    void ofARepeatedNameTheLastCountsAndIsSet() {
        assertThat(text(edit("{\"a\":1,\"a\":2}").set("a", bytes("3")))).isEqualTo("{\"a\":1,\"a\":3}");
    }

    @Test
    void oneThatIsNotThereIsAddedBehindTheOthers() {
        assertThat(text(edit("{ \"a\":1 }").set("b\"", bytes("2")).add("c", bytes("3"))))
                .isEqualTo("{ \"a\":1,\"b\\\"\":2,\"c\":3 }");
        assertThat(text(edit("{}").add("c", bytes("3")))).isEqualTo("{\"c\":3}");
        assertThat(text(edit("{\"a\":1}").remove(member -> true).set("a", bytes("3")))).isEqualTo("{\"a\":3}");
    }

    @Test
    void nothingAskedForChangesNothing() {
        String odd = "{ \"a\" :\t1 ,\"a\": \"\\u0041\" }";
        assertThat(edit(odd).isEmpty()).isTrue();
        assertThat(text(edit(odd))).isEqualTo(odd);
    }

    @Test
    void aMemberOfAnotherObjectIsRefused() {
        JsonValue.Member other = edit("{\"a\":1}").members().get(0);
        assertThatThrownBy(() -> edit("{\"a\":1}").replace(other, bytes("2"))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void onlyAnObjectCanBeEdited() {
        assertThatThrownBy(() -> edit("[]")).isInstanceOf(IllegalArgumentException.class);
    }
}
