package dev.mpx.proxy.storm;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** What is counted in a storm, and what went against the rules. Thread-safe. */
final class Figures {
    private final Map<String, AtomicInteger> errors = new ConcurrentSkipListMap<>();
    private final AtomicReference<Duration> longestWait = new AtomicReference<>(Duration.ZERO);
    private final AtomicReference<Duration> longestOpening = new AtomicReference<>(Duration.ZERO);
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong sessions = new AtomicLong();
    private final ConcurrentLinkedQueue<String> violations = new ConcurrentLinkedQueue<>();

    void error(String what) {
        errors.computeIfAbsent(what, unseen -> new AtomicInteger()).incrementAndGet();
    }

    /** @param wait without the time that the daemon was stopped */
    void waited(Duration wait) {
        longestWait.accumulateAndGet(wait, Figures::longer);
    }

    void opened(Duration wait) {
        sessions.incrementAndGet();
        longestOpening.accumulateAndGet(wait, Figures::longer);
    }

    void acknowledged() {
        acknowledged.incrementAndGet();
    }

    long acknowledgements() {
        return acknowledged.get();
    }

    void violation(String what) {
        violations.add(what);
    }

    List<String> violations() {
        return List.copyOf(violations);
    }

    /** One readable block. */
    String block(String title, Map<String, Integer> faults, Map<Ledger.Fate, Long> fates, long daemons, long servers) {
        long writes = fates.values().stream().mapToLong(Long::longValue).sum();
        return String.join("\n",
                "== " + title,
                "faults            " + faults,
                "writes            " + writes + " " + fates,
                "errors            " + new TreeMap<>(errors),
                "sessions          " + sessions.get() + ", the slowest open after " + seconds(longestOpening.get()),
                "longest wait      " + seconds(longestWait.get()) + " (without the time the daemon was stopped)",
                "daemons, servers  " + daemons + ", " + servers,
                "violations        " + violations.size());
    }

    private static String seconds(Duration time) {
        return "%.1f s".formatted(time.toMillis() / 1000.0);
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
