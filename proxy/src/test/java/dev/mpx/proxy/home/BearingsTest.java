package dev.mpx.proxy.home;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a person is told of a daemon that is in the way. */
class BearingsTest {
    @Test
    void theCommandThatEndsItIsFoundAgainInWhatWasSaid() {
        String said = "It is in the way. " + Bearings.of(new Home(Path.of("/h")), Optional.of("unix:/h/s"), Optional.empty(), " --home '/h; x'");

        assertThat(Bearings.end(said + ".")).hasValue("mpx stop --home '/h; x'");
        assertThat(Bearings.end("it ended with status 3")).isEmpty();
    }
}
