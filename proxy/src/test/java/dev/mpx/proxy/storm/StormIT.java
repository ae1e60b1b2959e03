package dev.mpx.proxy.storm;

import dev.mpx.proxy.Alone;
import dev.mpx.proxy.whole.UserHome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The storm over the demo palace. Fails when Deadlines.settleDoubts does not call {@code bench.stalled()}: then nobody
 * gets through any more once a server was stopped. {@link OneWriterIT} has the changes that a storm of a minute may miss.
 */
@Alone
class StormIT {
    @RegisterExtension
    final UserHome user = new UserHome();

    @Test
    void whateverIsKilledOrStoppedThereIsOneWriterAndNoWriteIsLostOrDoubledAndNoCallHangs() throws Exception {
        try (Storm storm = new Storm(user, DemoGround.in(user.directory()))) {
            storm.rage();
        }
    }
}
