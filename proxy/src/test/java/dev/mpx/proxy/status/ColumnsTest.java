package dev.mpx.proxy.status;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class ColumnsTest {
    @Test
    void whatIsEscapedIsOneLine() {
        assertThat(Plain.escaped("'\n'\t\r\u001b[m \u202e 記憶")).isEqualTo("'\\n'\t\\u000d\\u001b[m \\u202e 記憶");
    }

    @Test
    void wideCharactersTakeTwoColumnsAndAccentsNone() {
        assertThat(Columns.of("mpx")).isEqualTo(3);
        assertThat(Columns.of("記憶")).isEqualTo(4);
        assertThat(Columns.of("한글")).isEqualTo(4);
        assertThat(Columns.of("🦀")).isEqualTo(2);
        assertThat(Columns.of("e\u0301te\u0301")).isEqualTo(3);
        assertThat(Columns.of("Ω…é")).isEqualTo(3);
    }

    @Test
    void whatIsCutShowsIt() {
        assertThat(Columns.cut("analytical", 5)).isEqualTo("anal…");
        assertThat(Columns.cut("記憶の", 4)).isEqualTo("記…");
        assertThat(Columns.cut("記憶", 4)).isEqualTo("記憶");
        assertThat(Columns.cutBefore("/home/ada/notes", 7)).isEqualTo("…/notes");
        assertThat(Columns.cutBefore("/x/e\u0301t", 2)).isEqualTo("…t");
    }

    @Test
    void escapeSequencesBecomeHarmless() {
        assertThat(Plain.of("a\u001b[2J\u0007\u009b31m\u007f\r\n")).isEqualTo("a\uFFFD[2J\uFFFD\uFFFD31m\uFFFD\uFFFD\uFFFD");
        assertThat(Plain.of("\u202eevil\u2066\u2028")).isEqualTo("\uFFFDevil\uFFFD\uFFFD");
        assertThat(Plain.of("half \ud83d")).isEqualTo("half \uFFFD");
        assertThat(Plain.of("👩\u200d🚀\ufe0f é 記憶")).isEqualTo("👩🚀 é 記憶");
    }

    @Test
    void ofATextOfSeveralLinesTheirEndsAndTabsStay() {
        assertThat(Plain.lines("a\tb\n\u202ec\r\u001b[m\n")).isEqualTo("a\tb\n\uFFFDc\uFFFD\uFFFD[m\n");
    }

    @Test
    void aTextOfJsonSaysTheSameAndDoesNothing() {
        String json = "{\"a\":\t\"\u202e\u009b \u200d\u007f 記憶 \\u001b \udb40\udc20\"}\n";

        assertThat(Plain.json(json)).isEqualTo("{\"a\":\t\"\\u202e\\u009b \\u200d\\u007f 記憶 \\u001b \\udb40\\udc20\"}\n");
    }

    @Property
    void nothingIsWiderThanAskedForAndNothingHarmfulIsLeft(@ForAll @StringLength(max = 60) String text, @ForAll @IntRange(max = 40) int columns) {
        String plain = Plain.of(text);
        assertThat(Columns.of(Columns.cut(plain, columns))).isLessThanOrEqualTo(columns);
        assertThat(Columns.of(Columns.cutBefore(plain, columns))).isLessThanOrEqualTo(columns);
        assertThat(plain.codePoints()).noneMatch(Character::isISOControl);
    }
}
