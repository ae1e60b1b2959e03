package dev.mpx.proxy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Lengths of time; NativeTimesIT compares many more with what the native program reads. */
class DurationTextTest {
    @Test
    void whatIsWrittenIsReadAgain() {
        for (String text : List.of("500s", "0.500s", "1m", "90s", "2h", "25h", "0s")) {
            assertThat(DurationText.write(DurationText.read(text).orElseThrow())).isEqualTo(text);
        }
        assertThat(DurationText.write(Duration.ofMinutes(120))).isEqualTo("2h");
    }

    @Test
    void whatIsNoTimeIsNone() {
        for (String text : List.of("", "5", "1d", "5s1m", "-5s", "PT5S", "500ms", "240001h")) {
            assertThat(DurationText.read(text)).as(text).isEmpty();
        }
    }
}
