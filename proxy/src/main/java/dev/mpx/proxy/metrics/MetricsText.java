package dev.mpx.proxy.metrics;

/** Writes figures as text that a program reads. */
@FunctionalInterface
public interface MetricsText {
    /** In the text format of Prometheus, version 0.0.4. Any thread, one at a time; takes some milliseconds. */
    String render(Figures figures);
}
