package dev.mpx.proxy.daemon;

import dev.mpx.proxy.home.Environment;
import dev.mpx.proxy.home.Home;
import dev.mpx.proxy.home.ServerCommand;
import dev.mpx.proxy.home.Unit;
import java.util.Optional;

/**
 * What a daemon is to be.
 *
 * @param home its files; not prepared yet
 * @param server the server that it shares
 * @param environment that of whoever started it
 */
public record DaemonOptions(Home home, ServerCommand server, Environment environment) {
    /**
     * What follows {@code mpx stop} and its like for a person to mean this home and what it serves. The usual home is named, too, where
     * another server than the usual one is served in it: {@code mpx restart} alone would want that.
     */
    String homeOption() {
        return server.isUsual() ? home.option(environment) : home.option();
    }

    /** The service that keeps the daemon, if one does. */
    Optional<Unit> unit() {
        return Unit.ofProcess(environment);
    }

    /** The command that replaces the daemon: its service's own, or mpx's. */
    String restart() {
        return unit().map(Unit::restart).orElseGet(() -> "mpx restart" + homeOption());
    }
}
