package dev.mpx.prebuilt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@EnabledIfSystemProperty(named = "mpx.prebuilt", matches = ".+", disabledReason = "only the profile \"prebuilt\" builds these")
@Timeout(60)
class PrebuiltIT {
    /** What a processor is called here, by Java, and by the emulator's name. */
    private static final String PLATFORMS = """
            linux-x64,   amd64,   qemu-x86_64
            linux-arm64, aarch64, qemu-aarch64
            """;
    /** ServerSearch looks for mpx's mark in smaller programs only. */
    private static final int PROGRAM_BELOW = 4 << 20;

    private record Run(int status, String output) {}

    private static Path program(String platform) {
        return Path.of(System.getProperty("mpx.prebuilt"), platform, "mpx");
    }

    private static Run run(String platform, String architecture, String emulator, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        if (!System.getProperty("os.arch").equals(architecture)) {
            command.add(emulator);
        }
        command.add(program(platform).toString());
        command.addAll(List.of(words));
        return run(command);
    }

    private static Run run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), output);
    }

    @ParameterizedTest
    @CsvSource(textBlock = PLATFORMS)
    void itNamesItselfAndFindsWhatTheOneOfThisMachineFinds(String platform, String architecture, String emulator) throws Exception {
        assertThat(run(platform, architecture, emulator, "--version").output()).startsWith("mpx ");
        String[] question = {"where", "--home", "/p/../ünï", "--", "env", "MEMPALACE_PALACE_PATH=~/p", "uvx", "mempalace-mcp"};
        List<String> here = new ArrayList<>(List.of(System.getProperty("mpx.program")));
        here.addAll(List.of(question));
        Run answer = run(platform, architecture, emulator, question);
        assertThat(answer).isEqualTo(run(here));
        assertThat(answer.output()).contains("\"palace\":\"/");
    }

    @ParameterizedTest
    @CsvSource(textBlock = PLATFORMS)
    void itGuards(String platform, String architecture, String emulator) throws Exception {
        assertThat(run(platform, architecture, emulator, "guard", "--", "true")).isEqualTo(new Run(0, ""));
        assertThat(run(platform, architecture, emulator, "guard", "--", "/bin/sh", "-c", "echo out; exit 7")).isEqualTo(new Run(7, "out\n"));
    }

    @ParameterizedTest
    @CsvSource(textBlock = PLATFORMS)
    void itNeedsNoLibraryAndIsSmallEnoughToBeKnownAsMpx(String platform, String architecture, String emulator) throws Exception {
        byte[] bytes = Files.readAllBytes(program(platform));
        assertThat(bytes.length).isLessThan(PROGRAM_BELOW);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        assertThat(text).contains("mpx-launcher-marker").doesNotContain("/ld-linux", "/ld-musl");
    }
}
