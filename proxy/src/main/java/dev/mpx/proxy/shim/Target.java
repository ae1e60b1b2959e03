package dev.mpx.proxy.shim;

import dev.mpx.proxy.home.Environment;
import dev.mpx.proxy.home.Home;
import dev.mpx.proxy.home.ServerCommand;

/**
 * Whose daemon is looked for.
 *
 * @param home where it keeps its files
 * @param server what it shares
 * @param environment of the process that looks
 */
public record Target(Home home, ServerCommand server, Environment environment) {}
