package dev.mpx.proxy.storm;

import dev.mpx.proxy.whole.UserHome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The storm over the demo palace. */
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
