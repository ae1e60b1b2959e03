package dev.mpx.transports;

/**
 * How a process ended.
 *
 * @param status its exit status, or 128 and the signal's number
 */
public record Exit(int status) {}
