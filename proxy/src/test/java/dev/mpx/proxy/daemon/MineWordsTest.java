package dev.mpx.proxy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MineWordsTest {
    @ParameterizedTest
    @ValueSource(strings = {"mempalace mine x", "/v/bin/python3 /v/bin/mempalace --palace p mine x", "python -X dev -m mempalace mine",
            "timeout -k 1 60 uvx mempalace --backend=b mine x", "/bin/sh /b/mempalace mine", "mempalace --pal mine mine x"})
    void thisIsAMine(String line) {
        assertThat(MineWords.arguments(List.of(line.split(" ")))).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mempalace", "mempalace search mine", "mempalace --palace mine", "mempalace-mcp mine", "sh -c sleep mempalace mine",
            "mpx run -- mempalace mine x", "vi mempalace mine", "python -m other mempalace mine", "mempalace --version"})
    void thisIsNone(String line) {
        assertThat(MineWords.arguments(List.of(line.split(" ")))).isEmpty();
    }
}
