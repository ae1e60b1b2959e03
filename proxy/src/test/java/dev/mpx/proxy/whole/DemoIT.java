package dev.mpx.proxy.whole;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The first thing that a person sees of mpx. */
@Timeout(60)
class DemoIT {
    @RegisterExtension
    final UserHome user = new UserHome();

    @Test
    void theDemoSucceedsAndLeavesNothingRunning() throws Exception {
        Run demo = user.mpx("demo");
        assertThat(demo.status()).as(demo.toString()).isZero();
        assertThat(demo.stdout()).isNotBlank();
        assertThat(user.processes()).isEmpty();
    }
}
