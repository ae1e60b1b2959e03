package dev.mpx.proxy.daemon;

import dev.mpx.proxy.home.Environment;
import dev.mpx.proxy.home.Home;
import java.time.Duration;

/** How long whoever serves a home stays without a session. Stateless. */
public final class Idleness {
    private Idleness() {}

    /** @return zero: for ever. @throws dev.mpx.proxy.home.HomeException if a setting is unusable */
    public static Duration limit(Home home, Environment environment) {
        return Settings.load(home, environment).idle();
    }
}
