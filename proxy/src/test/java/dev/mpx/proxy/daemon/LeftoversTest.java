package dev.mpx.proxy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.proxy.home.BootId;
import dev.mpx.proxy.home.BrokerFile;
import dev.mpx.proxy.home.ProcessIdentity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an unguarded daemon has left. */
@Timeout(30)
class LeftoversTest {
    private final List<String> told = new ArrayList<>();
    private Process left;
    private long descendant;

    @BeforeEach
    void leave() throws Exception {
        left = new ProcessBuilder("/bin/sh", "-c", "trap '' TERM; sleep 600 & echo $!; wait; sleep 600").start();
        descendant = Long.parseLong(left.inputReader().readLine());
    }

    @AfterEach
    void nothingIsLeft() {
        left.descendants().forEach(ProcessHandle::destroyForcibly);
        ProcessHandle.of(descendant).ifPresent(ProcessHandle::destroyForcibly);
        left.destroyForcibly();
    }

    private void reap(String bootId, ProcessIdentity child) throws Exception {
        Leftovers.reap(Optional.of(new BrokerFile("0", 1, Instant.EPOCH, bootId, List.of("unix:/s"), Optional.empty(), List.of("x"),
                Optional.of(child))), told::add);
    }

    private ProcessIdentity recorded() {
        return ProcessIdentity.of(left.pid()).orElseThrow();
    }

    @Test
    void theRecordedServerAndItsDescendantsAreEndedAlsoIfTheyIgnoreSigterm() throws Exception {
        reap(BootId.current(), recorded());
        assertThat(left.waitFor()).isEqualTo(128 + 9);
        assertThat(ProcessIdentity.of(descendant)).isEmpty();
        assertThat(told).singleElement().asString().contains("pid " + left.pid());
    }

    @Test
    void whoHasGotItsPidSinceIsSpared() throws Exception {
        reap(BootId.current(), new ProcessIdentity(left.pid(), "ticks:1"));
        assertThat(left.isAlive()).isTrue();
        assertThat(told).isEmpty();
    }

    @Test
    void whatWasRecordedUnderAnotherBootIsSpared() throws Exception {
        reap("another", recorded());
        assertThat(left.isAlive()).isTrue();
    }
}
