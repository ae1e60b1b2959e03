package dev.mpx.transports.ssh;

import java.util.OptionalInt;

/**
 * What came of a command on the host.
 *
 * @param status its exit status; empty if it was ended otherwise
 * @param stdout what it printed, up to a bound
 * @param stderr likewise
 */
public record CommandResult(OptionalInt status, String stdout, String stderr) {}
