package dev.mpx.proxy.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mpx.proxy.home.ShellWords;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShellLineTest {
    @Test
    void quotesAndBackslashesMeanWhatTheyMeanToAShell() throws Exception {
        assertThat(ShellLine.words("  a 'b  c' \"d \\\" \\\\ \\x\" e\\ f'g'\"h\" ''\t")).containsExactly("a", "b  c", "d \" \\ \\x", "e fgh", "");
        assertThat(ShellLine.words("")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a;b", "a&", "a|b", "a>b", "a<b", "$a", "`a`", "\"$a\"", "\"`a`\"", "a\nb", "a*", "a?", "[a]", "{a,b}", "~", "#a", "a=b", "!a", "(a)",
            "'a", "\"a", "a\\", "\"a\\", "a\u0000b", "a\u001bb", "a\\\nb", "\"a\\\nb\""})
    void aLineThatIsMoreThanWordsIsNoneAtAll(String line) {
        assertThatThrownBy(() -> ShellLine.words(line)).isInstanceOf(RefusedException.class);
    }

    @Property
    void whatWasQuotedIsReadBack(@ForAll List<String> words) throws Exception {
        assertThat(ShellLine.words(ShellWords.join(words.stream().map(word -> word.replace("=", "").replace("%", "")).toList())))
                .containsExactlyElementsOf(words.stream().map(word -> word.replace("=", "").replace("%", "")).toList());
    }

    /** Made of what has a meaning in a shell, and little else. */
    @Provide
    Arbitrary<String> nasty() {
        return Arbitraries.strings().withChars("ab '\"\\$`;|&<>()*?~#=-\n\t!{}[]").ofMaxLength(14);
    }

    @Property(tries = 1500)
    void aRealShellReadsTheSameWordsWhereAnyAreRead(@ForAll("nasty") String line) throws Exception {
        Optional<List<String>> words = read(line);
        if (words.isPresent()) {
            assertThat(inShell(line)).as(line).isEqualTo(words.get());
        }
    }

    private static Optional<List<String>> read(String line) {
        try {
            return Optional.of(ShellLine.words(line));
        } catch (RefusedException more) {
            return Optional.empty();
        }
    }

    private static List<String> inShell(String line) throws Exception {
        Process shell = new ProcessBuilder("/bin/sh", "-c", "for word in end " + line + "\ndo printf '%s\\0' \"$word\"; done").start();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor()).isZero();
        List<String> all = Arrays.asList(said.split("\0", -1));
        return all.subList(1, all.size() - 1);
    }
}
