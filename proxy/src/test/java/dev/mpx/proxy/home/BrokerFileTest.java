package dev.mpx.proxy.home;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BrokerFileTest {
    @TempDir
    Path directory;

    private static BrokerFile example(Optional<Path> palace) {
        Optional<ProcessIdentity> child = palace.map(path -> new ProcessIdentity(12, "ticks:4321"));
        return new BrokerFile("0.1.0", 4711, Instant.parse("2026-01-02T03:04:05.678Z"), BootId.current(),
                List.of("unix:/h/broker.sock"), List.of("unix:/h/guest.sock", "ssh://host.docker.internal"),
                palace.map(path -> "0123abcd"), palace, List.of("/usr/bin/mempalace-mcp", "--x", "\"quoted\" \\ \n ü 宮"),
                palace.map(path -> new ProcessIdentity(4711, "ticks:1234")), child, palace.map(path -> new Unit("mpx@1.service")));
    }

    @Test
    void whatIsWrittenIsReadBack() throws IOException {
        Path file = directory.resolve("broker.json");
        for (BrokerFile broker : List.of(example(Optional.of(Path.of("/p"))), example(Optional.empty()))) {
            broker.write(file);
            assertThat(BrokerFile.read(file)).contains(broker);
        }
    }

    @Test
    void itIsForThisUserAloneAndNothingIsLeftBesideIt() throws IOException {
        Path file = directory.resolve("broker.json");
        example(Optional.empty()).write(file);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        try (var files = Files.list(directory)) {
            assertThat(files).containsExactly(file);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "null", "{\"pid\":1}", "{\"pid\":\"1\",\"endpoints\":[\"unix:/x\"]}",
            "{\"pid\":1,\"endpoints\":[7]}", "{\"pid\":1,\"endpoints\":[\"unix:/x\"],\"startTime\":\"soon\"}"})
    void whatMakesNoSenseIsAsGoodAsNone(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("broker.json"), text);
        assertThat(BrokerFile.read(file)).isEmpty();
    }

    @Test
    void whatASuccessorHasWrittenStays() throws IOException {
        Path file = directory.resolve("broker.json");
        BrokerFile own = example(Optional.empty());
        BrokerFile successor = new BrokerFile("0.1.0", 4712, own.startTime(), own.bootId(), own.endpoints(),
                Optional.empty(), own.command(), Optional.empty());
        successor.write(file);
        own.remove(file);
        own.replaceBy(own.ofOneThatLeft(List.of("ssh://host")), file);
        assertThat(BrokerFile.read(file)).contains(successor);
        successor.remove(file);
        assertThat(file).doesNotExist();
    }

    @Test
    void aMissingFileIsNone() {
        assertThat(BrokerFile.read(directory.resolve("none"))).isEmpty();
    }
}
