package dev.mpx.proxy.agents.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Differences as {@code diff -u} prints them. */
class UnifiedDiffTest {
    @Test
    void aChangeIsShownWithThreeLinesAroundIt() {
        assertThat(UnifiedDiff.of("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n", "f")).containsExactly(
                "--- f", "+++ f", "@@ -2,7 +2,7 @@", " 2", " 3", " 4", "-5", "+five", " 6", " 7", " 8");
    }

    @Test
    void aFileThatIsNewAndOneThatGoesAreSaidToBe() {
        assertThat(UnifiedDiff.of("", "a\n", "f")).containsExactly("--- /dev/null", "+++ f", "@@ -0,0 +1 @@", "+a");
        assertThat(UnifiedDiff.of("a", "", "f")).containsExactly("--- f", "+++ /dev/null", "@@ -1 +0,0 @@", "-a",
                "\\ No newline at end of file");
        assertThat(UnifiedDiff.of("a", "a", "f")).isEmpty();
    }

    @Property(tries = 500)
    void theLinesOfADifferenceMakeBothTexts(@ForAll @Size(max = 30) List<@IntRange(max = 4) Integer> one,
            @ForAll @Size(max = 30) List<@IntRange(max = 4) Integer> other) {
        String before = text(one);
        String after = text(other);
        List<String> old = new ArrayList<>();
        List<String> young = new ArrayList<>();
        // with nothing left out of it, as every line is near a change
        for (String line : UnifiedDiff.of(before, after, "f").stream().skip(2).filter(line -> !line.startsWith("@@")).toList()) {
            if (line.charAt(0) != '+') {
                old.add(line.substring(1));
            }
            if (line.charAt(0) != '-') {
                young.add(line.substring(1));
            }
        }
        assertThat(isPart(old, before)).isTrue();
        assertThat(isPart(young, after)).isTrue();
        assertThat(before.lines().count() - old.size()).isEqualTo(before.equals(after) ? before.lines().count()
                : after.lines().count() - young.size());
    }

    private static String text(List<Integer> lines) {
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }

    private static boolean isPart(List<String> lines, String text) {
        int at = 0;
        for (String line : text.lines().toList()) {
            at += at < lines.size() && lines.get(at).equals(line) ? 1 : 0;
        }
        return at == lines.size();
    }
}
