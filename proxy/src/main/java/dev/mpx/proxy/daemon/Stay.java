package dev.mpx.proxy.daemon;

import dev.mpx.proxy.home.Environment;
import dev.mpx.proxy.home.Home;
import java.time.Duration;

/**
 * How long whoever serves a home stays.
 *
 * @param idle without a session; zero: for ever
 * @param drain with calls in progress, once it is told to leave
 */
public record Stay(Duration idle, Duration drain) {
    /** @throws dev.mpx.proxy.home.HomeException if a setting is unusable */
    public static Stay of(Home home, Environment environment) {
        Settings settings = Settings.load(home, environment);
        return new Stay(settings.idle(), settings.drain());
    }
}
