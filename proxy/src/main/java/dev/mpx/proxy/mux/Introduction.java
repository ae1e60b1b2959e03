package dev.mpx.proxy.mux;

import java.util.OptionalLong;

/**
 * What a shim tells of itself in its greeting, for people.
 *
 * @param version the shim's version of mpx
 * @param pid the shim's process
 * @param parentPid the agent's process
 * @param parent the agent's command name
 * @param directory where the agent runs
 * @param host the machine or container it runs on
 */
public record Introduction(
        String version, OptionalLong pid, OptionalLong parentPid, String parent, String directory, String host) {}
