package dev.mpx.proxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** What standard output is taken for; the native program's rules. */
class OutputTerminalTest {
    private static final String NONE = "";
    private static final String USUAL = "24 100";

    private static boolean colours(String size, Map<String, String> variables) {
        return OutputTerminal.of(size, variables).wantsColours();
    }

    @Test
    void coloursAreForTerminalsThatUnderstandThemAndForWhoeverDoesNotRefuse() {
        assertThat(colours(USUAL, Map.of("TERM", "xterm"))).isTrue();
        assertThat(colours(USUAL, Map.of("TERM", "xterm", "NO_COLOR", ""))).as("set to nothing is not set (no-color.org)").isTrue();
        assertThat(colours(USUAL, Map.of("TERM", "xterm", "NO_COLOR", "1"))).isFalse();
        assertThat(colours(USUAL, Map.of("TERM", "dumb"))).isFalse();
        assertThat(colours(USUAL, Map.of("TERM", ""))).isFalse();
        assertThat(colours(USUAL, Map.of())).isFalse();
        assertThat(colours(NONE, Map.of("TERM", "xterm"))).isFalse();
    }

    @Test
    void whoRefusesColoursMayWatchAllTheSame() {
        assertThat(OutputTerminal.of(USUAL, Map.of("TERM", "xterm", "NO_COLOR", "1")).isAble()).isTrue();
        assertThat(OutputTerminal.of(USUAL, Map.of()).isAble()).isFalse();
    }

    @Test
    void itIsAsWideAsColumnsSaysElseAsItIsElseEighty() {
        assertThat(OutputTerminal.of(USUAL, Map.of()).columns()).isEqualTo(100);
        assertThat(OutputTerminal.of(USUAL, Map.of("COLUMNS", "132")).columns()).isEqualTo(132);
        assertThat(OutputTerminal.of(USUAL, Map.of("COLUMNS", "wide")).columns()).isEqualTo(100);
        assertThat(OutputTerminal.of(USUAL, Map.of("COLUMNS", "7")).columns()).isEqualTo(40);
        assertThat(OutputTerminal.of("0 0", Map.of()).columns()).isEqualTo(80);
        assertThat(OutputTerminal.of(NONE, Map.of("COLUMNS", "132")).columns()).isEqualTo(OutputTerminal.UNLIMITED);
    }
}
