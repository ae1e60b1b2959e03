package dev.mpx.proxy.mux;

/**
 * How a multiplexer is to behave.
 *
 * @param version mpx's own, which the child is told
 * @param statusCommand what a person types to see how it is
 * @param startHelp what helps where the child can't be started, in a sentence; may be empty
 */
public record Policy(
        String version, ServerTraits traits, Limits limits, Timeouts timeouts, Recycle recycle, String statusCommand, String startHelp) {
    public Policy(String version, ServerTraits traits, Limits limits, Timeouts timeouts, Recycle recycle) {
        this(version, traits, limits, timeouts, recycle, "mpx status", "");
    }
}
