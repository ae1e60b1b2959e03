package dev.mpx.proxy.mux;

/**
 * How a multiplexer is to behave.
 *
 * @param version mpx's own, which the child is told
 * @param statusCommand what a person types to see how it is
 */
public record Policy(
        String version, ServerTraits traits, Limits limits, Timeouts timeouts, Recycle recycle, String statusCommand) {
    public Policy(String version, ServerTraits traits, Limits limits, Timeouts timeouts, Recycle recycle) {
        this(version, traits, limits, timeouts, recycle, "mpx status");
    }
}
