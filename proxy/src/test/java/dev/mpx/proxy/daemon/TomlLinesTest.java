package dev.mpx.proxy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class TomlLinesTest {
    private static final String TOML = """
            endpoint = "unix:/a"
            # [timeouts] request = 1
            [timeouts]
            total.x = 1
            request = "1s"
              [ timeouts . "tools" ]  # tools
            "a.b" = 1
            'c' = { d = 2 }
            [child.env]
            TEXT = \"\"\"
            [timeouts]
            max = "this is text"
            \"\"\"
            max = 3
            [timeouts.methods]
            x = 1\r
            y=[
              "z",
            ]
            """;

    private static int line(String... path) {
        return TomlLines.of(TOML, List.of(path)).orElse(0);
    }

    @Test
    void itIsTheLineThatNamesTheKey() {
        assertThat(line("endpoint")).isEqualTo(1);
        assertThat(line("timeouts", "total", "x")).isEqualTo(4);
        assertThat(line("timeouts", "request")).isEqualTo(5);
        assertThat(line("timeouts", "tools", "a.b")).isEqualTo(7);
        assertThat(line("child", "env", "max")).isEqualTo(14);
        assertThat(line("timeouts", "methods", "x")).isEqualTo(16);
        assertThat(line("timeouts", "methods", "y")).isEqualTo(17);
    }

    @Test
    void elseThatWhichNamesWhatItIsIn() {
        assertThat(line("timeouts", "tools", "c", "d")).isEqualTo(8);
        assertThat(line("timeouts", "max")).isEqualTo(3);
    }

    @Test
    void whatIsNotThereHasNone() {
        assertThat(TomlLines.of(TOML, List.of("tcp", "port"))).isEqualTo(OptionalInt.empty());
        assertThat(TomlLines.of("", List.of("tcp"))).isEmpty();
    }
}
