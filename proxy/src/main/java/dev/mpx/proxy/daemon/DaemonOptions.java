package dev.mpx.proxy.daemon;

import dev.mpx.proxy.home.Environment;
import dev.mpx.proxy.home.Home;
import dev.mpx.proxy.home.ServerCommand;

/**
 * What a daemon is to be.
 *
 * @param home its files; not prepared yet
 * @param server the server that it shares
 * @param environment that of whoever started it
 */
public record DaemonOptions(Home home, ServerCommand server, Environment environment) {
    /** What follows {@code mpx stop} and its like for a person to mean this home. */
    String homeOption() {
        return home.option(environment);
    }
}
