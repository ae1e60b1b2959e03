package dev.mpx.proxy.home;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records of a home whose service was removed. */
class UnitForgottenTest {
    private static final Unit UNIT = new Unit("mpx-nn.service");

    @TempDir
    Path directory;

    @Test
    void whatADaemonThatIsGoneHasLeftNamesItNoMoreAndKeepsTheRest() throws Exception {
        Home home = new Home(directory.toRealPath().resolve("h"));
        home.prepare();
        new ServerRecord(List.of("/bin/srv"), Optional.empty(), Optional.of(UNIT)).write(home);
        new BrokerFile("1", 1, Instant.now(), "another boot", List.of("unix:/h/s"), List.of("ssh://a"), Optional.empty(), Optional.empty(),
                List.of("/bin/srv"), Optional.empty(), Optional.empty(), Optional.of(UNIT)).write(home.brokerFile());
        assertThat(Unit.of(home)).hasValue(UNIT);

        new Unit("mpx-other.service").forget(home);
        assertThat(Unit.of(home)).as("another one was removed").hasValue(UNIT);
        UNIT.forget(home);

        assertThat(Unit.of(home)).isEmpty();
        assertThat(ServerRecord.of(home).orElseThrow().command()).containsExactly("/bin/srv");
        assertThat(BrokerFile.read(home.brokerFile()).orElseThrow().guests()).containsExactly("ssh://a");
    }
}
