package dev.mpx.proxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerOptionsTest {
    @ParameterizedTest
    @ValueSource(strings = {"ensure", "restart", "stop", "status", "trace", "metrics"})
    void theHelpSaysWhichServerIsMeantWhereNoneIsNamed(String command) {
        String help = Mpx.commandLine().getSubcommands().get(command).getUsageMessage().replaceAll("\\s+", " ");
        assertThat(help).contains("the one this home shared last, else the mempalace-mcp on PATH").doesNotContain("….");
    }
}
