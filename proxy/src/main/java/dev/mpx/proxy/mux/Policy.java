package dev.mpx.proxy.mux;

/**
 * How a multiplexer is to behave.
 *
 * @param version mpx's own, which the child is told
 */
public record Policy(String version, ServerTraits traits, Limits limits, Timeouts timeouts, Recycle recycle) {}
