package dev.mpx.framing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class RepeatedTextsTest {
    private final RepeatedTexts texts = new RepeatedTexts();

    @Property
    void everyTextIsToldAsItIs(@ForAll List<String> some) {
        for (int round = 0; round < 2; round++) {
            for (String text : some) {
                assertThat(texts.of(string(new String(JsonText.quote(text), StandardCharsets.UTF_8)))).isEqualTo(text);
            }
        }
    }

    @Test
    void aTextThatComesAgainIsNotDecodedAgain() {
        String first = texts.of(string("\"search\""));

        assertThat(texts.of(string("\"search\""))).isSameAs(first);
        assertThat(texts.of(string("\"s\\u0065arch\""))).isEqualTo("search");
    }

    @Test
    void moreTextsThanThereArePlacesAreToldAllTheSame() {
        for (int i = 0; i < 2000; i++) {
            assertThat(texts.of(string("\"tool" + i % 1000 + "\""))).isEqualTo("tool" + i % 1000);
        }
    }

    @Test
    void whatIsNoStringHasNoText() {
        assertThatThrownBy(() -> texts.of(string("17"))).isInstanceOf(IllegalArgumentException.class);
    }

    private static JsonValue string(String json) {
        return JsonValue.parse(json.getBytes(StandardCharsets.UTF_8)).orElseThrow();
    }
}
