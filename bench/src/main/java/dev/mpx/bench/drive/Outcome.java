package dev.mpx.bench.drive;

import dev.mpx.fixtures.json.Json;

/**
 * What the driver has measured; times in nanoseconds.
 *
 * @param calls those that count
 * @param answers with those that were still on their way at the end
 * @param took from the first call to the last one that counts
 * @param sessionP99 the median session's
 * @param worstSessionP99 the worst session's
 */
public record Outcome(long calls, long answers, long took, long p50, long p99, long p999, long sessionP99, long worstSessionP99) {
    static Outcome of(Json json) {
        return new Outcome(
                json.at("calls").integer(),
                json.at("answers").integer(),
                json.at("ns").integer(),
                json.at("p50").integer(),
                json.at("p99").integer(),
                json.at("p999").integer(),
                json.at("sessionP99").integer(),
                json.at("worstSessionP99").integer());
    }

    public double callsPerSecond() {
        return calls * 1e9 / took;
    }
}
