package dev.mpx.proxy.home;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnitTest {
    @TempDir
    Path directory;

    private Home home() throws IOException {
        return new Home(directory.toRealPath());
    }

    @Test
    void theServiceOutlivesItsDaemonsRecordInThatOfTheServer() throws IOException {
        new ServerRecord(List.of("a", "b c"), Optional.empty(), Optional.of(new Unit("mpx.service"))).write(home());
        assertThat(Unit.of(home())).contains(new Unit("mpx.service"));
        assertThat(Unit.restart(home())).isEqualTo("systemctl --user restart mpx.service");
        assertThat(Unit.hint(home())).contains("mpx.service");
    }

    @Test
    void withoutAServiceMpxItselfReplacesTheDaemonAndTheRecordSaysForWhichServer() throws IOException {
        assertThat(Unit.restart(home())).isEqualTo("mpx restart --home " + home().directory());
        new ServerRecord(List.of("a", "b c"), Optional.empty()).write(home());
        assertThat(Unit.restart(home())).isEqualTo("mpx restart --home " + home().directory());
        assertThat(Unit.hint(home())).isEmpty();
    }

    @Test
    void theLogIsTheOneThatSaysSomething() throws IOException {
        assertThat(Unit.log(home())).isEqualTo(home().daemonLog().toString());
        Files.createDirectories(home().logs());
        Files.createFile(home().daemonLog());
        Files.writeString(home().mpxLog(), "serving\n");
        assertThat(Unit.log(home())).isEqualTo(home().mpxLog().toString());
        Files.writeString(home().daemonLog(), "out of memory\n");
        assertThat(Unit.log(home())).isEqualTo(home().daemonLog().toString());
    }

    @Test
    void aLabelIsLaunchds() {
        assertThat(new Unit("dev.mpx.daemon").restart()).isEqualTo("launchctl kickstart -k gui/" + Owner.uid() + "/dev.mpx.daemon");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b.service", "$(x).service", "-x.service", "a;b", "a\nb", "ü.service"})
    void aNameThatWouldMeanSomethingToAShellIsNone(String name) throws IOException {
        Environment environment = new Environment(Map.of("MPX_UNIT", name), directory, directory);
        assertThat(Unit.ofProcess(environment)).isEmpty();
        Files.writeString(directory.resolve("server.json"), "{\"command\": [\"a\"], \"unit\": \"" + name.replace("\n", "\\n") + "\"}");
        assertThat(Unit.of(home())).isEmpty();
    }
}
