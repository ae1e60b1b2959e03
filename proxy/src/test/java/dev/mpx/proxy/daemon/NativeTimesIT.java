package dev.mpx.proxy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.proxy.home.HomeException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lengths of time have one grammar, whether Java reads them or the native program, which takes a day at most. */
class NativeTimesIT {
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final long NONE = -1;

    private static long natively(String written) throws IOException, InterruptedException {
        return NativeRules.ask(Path.of("/"), Map.of(), List.of("time", written)).get("ms").orElseThrow().integer().orElseThrow();
    }

    /** What is left of a millisecond counts as one. */
    private static long byJava(String written) {
        try {
            Duration time = new Setting("here", written).duration();
            long millis = time.toMillis() + (time.toNanosPart() % 1_000_000 == 0 ? 0 : 1);
            return time.compareTo(LONGEST) > 0 ? NONE : millis;
        } catch (HomeException refused) {
            return NONE;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "90s", "10m", "2h", "1h30m", "1h30m5s", "1h5s", "30m5s", "90m", "0", "0s", "0h0m0s", "1H30M", "1h30M5S",
        "0.5s", "1.25s", "1h0.001s", "0.0001s", "0.000000001s", "59.999s", "24h", "23h59m60s", "24h0.001s", "25h",
        "1440m", "1441m", "86400s", "86401s", "999999999999h", "000001s", " 5m ", "\t7s\n", "", " ", "s", "h", "m",
        "5", "05", "-5s", "+5s", "1h-5m", "5 m", "1 h 30 m", "30m1h", "5s1m", "1h1h", "1d", "500ms", "1,5s", "1.s",
        ".5s", "1.5m", "1.5h", "soon", "PT5S", "P1D", "5s ago", "0x5s", "1e3s", "00", "0.0", "5sec", "9999999999999s",
        "1.1234567891s", "٥s", "5ſ"})
    void bothReadTheSame(String written) throws Exception {
        assertThat(natively(written)).as("\"" + written + "\"").isEqualTo(byJava(written));
    }

    @Test
    void andOfWhateverElseIsMadeOfTheirLetters() throws Exception {
        Random random = new Random(6);
        for (int i = 0; i < 300; i++) {
            StringBuilder written = new StringBuilder();
            for (int part = random.nextInt(4); part >= 0; part--) {
                written.append(random.nextInt(4) == 0 ? "" : Integer.toString(random.nextInt(100)));
                written.append("hmsHMS. 0".charAt(random.nextInt(9)));
            }
            assertThat(natively(written.toString())).as("\"" + written + "\"").isEqualTo(byJava(written.toString()));
        }
    }
}
