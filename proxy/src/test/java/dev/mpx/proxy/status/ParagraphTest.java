package dev.mpx.proxy.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class ParagraphTest {
    @Test
    void proseIsBrokenAtBlanksAndGoesOnBehindTheIndent() {
        assertThat(new Paragraph(12, 2).prose("one two three four")).hasToString("one two\n  three four");
    }

    @Test
    void aCommandThatDoesNotFitBeginsALineAndItsLinesAreOneForAShell() {
        assertThat(new Paragraph(16, 2).prose("  do: ").command("mpx ensure --home /h")).hasToString("  do:\n  mpx ensure \\\n  --home /h");
        assertThat(new Paragraph(26, 2).prose("  do: ").command("mpx ensure --home /h")).hasToString("  do: mpx ensure --home /h");
    }

    @Test
    void aCommandIsNotBrokenWithinQuotes() {
        assertThat(new Paragraph(10, 0).command("a 'b c' 'it'\\''s d' e")).hasToString("a 'b c' \\\n'it'\\''s d' \\\ne");
    }

    @Property
    void nothingIsLostAndOnlyAWordThatIsTooWideIsBeyondTheWidth(
            @ForAll @StringLength(max = 120) @CharRange(from = 'a', to = 'c') @Chars({' ', ' ', '人'}) String text,
            @ForAll @IntRange(min = 8, max = 40) int width) {
        String words = text.strip().replaceAll(" +", " ");
        String prose = new Paragraph(width, 2).prose(words).toString();
        assertThat(prose.replaceAll("\n +", " ").strip()).isEqualTo(words);
        assertThat(prose.lines().filter(line -> Columns.of(line) > width))
                .allMatch(line -> Stream.of(line.strip().split(" ")).anyMatch(word -> Columns.of(word) > width - 2));
        String command = new Paragraph(width, 2).command(words).toString();
        assertThat(command.replaceAll(" \\\\\n +", " ").strip()).isEqualTo(words);
    }
}
