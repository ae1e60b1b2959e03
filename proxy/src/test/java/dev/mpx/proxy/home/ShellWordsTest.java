package dev.mpx.proxy.home;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ShellWordsTest {
    @Test
    void plainWordsStayAsTheyAre() {
        assertThat(ShellWords.join(List.of("mpx", "--home", "/a/b-c_1.mpx", "x=1", "-y", "@scope/name"))).isEqualTo(
                "mpx --home /a/b-c_1.mpx x=1 -y @scope/name");
    }

    /** Red when words are only joined. */
    @Test
    void aShellReadsBackWhatWasMeant() throws Exception {
        List<String> words = List.of("a b", "", "it's", "$HOME", "*", "~", "two\nlines", "ü", "\"", "\\", "a;b", "#x");
        Process shell = new ProcessBuilder("/bin/sh", "-c", "printf '<%s>' " + ShellWords.join(words)).start();
        String read = new String(shell.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(read).isEqualTo("<" + String.join("><", words) + ">");
    }
}
