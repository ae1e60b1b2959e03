package dev.mpx.bench;

/** A benchmark that does not measure what it should: a wrong answer, none, or a way that does not start. */
public final class BrokenBenchmark extends RuntimeException {
    public BrokenBenchmark(String message) {
        super(message);
    }

    public BrokenBenchmark(String message, Throwable cause) {
        super(message, cause);
    }
}
