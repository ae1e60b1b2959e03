package dev.mpx.proxy.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which MemPalace there is, and what is known of it. */
class KnownFaultTest {
    @TempDir
    Path directory;

    private static List<String> of(String version) {
        ReleaseNumber number = ReleaseNumber.of(version).orElseThrow();
        return KnownFault.all().stream().filter(fault -> fault.isIn(number)).map(KnownFault::source).toList();
    }

    @Test
    void aFaultIsOfTheVersionsFromTheFirstThatHasItToTheFirstThatHasNot() {
        assertThat(of("3.4.0")).anyMatch(source -> source.equals("measured"));
        assertThat(of("3.4.1")).noneMatch(source -> source.equals("measured"));
        assertThat(of("3.3.2")).anyMatch(source -> source.contains("#1091"));
        assertThat(of("3.3.6")).noneMatch(source -> source.contains("#1091")).anyMatch(source -> source.contains("#1716"));
        assertThat(of("3.11.0")).isEmpty();
    }

    @Test
    void versionsAreComparedByNumbersNotByLetters() {
        assertThat(ReleaseNumber.of("3.11.0").orElseThrow()).isGreaterThan(ReleaseNumber.of("3.9.2rc1").orElseThrow());
        assertThat(ReleaseNumber.of("nightly")).isEmpty();
    }

    @Test
    void theVersionIsReadFromWhatPipHasWrittenWithoutStartingAnything() throws Exception {
        Path bin = Files.createDirectories(directory.resolve("venv/bin"));
        Files.createDirectories(directory.resolve("venv/lib/python3.12/site-packages/mempalace-3.6.0.dist-info"));
        Path python = bin.resolve("python3"); // there is none: whoever would start it fails
        Path script = Files.writeString(bin.resolve("mempalace-mcp"), "#!" + python + "\nimport sys\n");
        assertThat(PalaceRelease.of(script)).isEqualTo(Optional.of("3.6.0"));
    }

    @Test
    void aProgramThatIsNoPythonScriptHasNoVersion() throws Exception {
        assertThat(PalaceRelease.of(Files.writeString(directory.resolve("mempalace-mcp"), "#!/bin/sh\nexec x\n"))).isEmpty();
    }
}
