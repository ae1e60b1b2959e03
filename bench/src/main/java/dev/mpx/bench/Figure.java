package dev.mpx.bench;

/** What is measured. What a figure is {@code at} is a number of its own: sessions, calls, bytes, or nothing (0). */
public enum Figure {
    ROUND_TRIP_P50("round trip, p50, at so many sessions", Unit.NANOSECONDS),
    ROUND_TRIP_P99("round trip, p99, at so many sessions", Unit.NANOSECONDS),
    ROUND_TRIP_P999("round trip, p99.9, at so many sessions", Unit.NANOSECONDS),
    UNFAIRNESS("the worst session's p99 as a multiple of the median session's, at so many sessions", Unit.TIMES),
    WORKING_P50("round trip, p50, with a child that works 100 µs for each call, at so many sessions", Unit.NANOSECONDS),
    PIPELINED_P50("round trip, p50, of one session with so many calls on their way", Unit.NANOSECONDS),
    RATE("calls per second, 8 sessions, so many calls on their way in each", Unit.PER_SECOND),
    RESULT("round trip, p50, 1 session, a result of so many bytes", Unit.NANOSECONDS),
    CPU("processor time of all processes but the driver per call, 8 sessions, so many calls on their way in each", Unit.NANOSECONDS),
    DISTURBED_P99("p99 of 8 sessions beside 0: nobody, 1: one that does not read, 2: one that reads slowly", Unit.NANOSECONDS),
    START_THERE("start to first reply, the daemon and its server there", Unit.NANOSECONDS),
    START_CHILD_COLD("start to first result, the daemon there and its server not", Unit.NANOSECONDS),
    START_COLD_KNOWN("start to first reply, no daemon there, its server known from before", Unit.NANOSECONDS),
    START_COLD_NEW("start to first reply, no daemon there, nothing known", Unit.NANOSECONDS),
    START_COLD_RESULT("start to first result, no daemon there, its server known from before", Unit.NANOSECONDS),
    DAEMON_RESIDENT("resident memory of the daemon with so many idle sessions", Unit.BYTES),
    SHIM_RESIDENT("resident memory of one session's process, with so many sessions", Unit.BYTES),
    SHIM_SHARE("proportional memory of one session's process, with so many sessions", Unit.BYTES),
    ALL_SHARE("proportional memory of all processes with so many sessions, servers included", Unit.BYTES),
    DAEMON_AFTER_CALLS("resident memory of the daemon after so many calls", Unit.BYTES),
    LARGE_RESULTS_GROWTH("growth of the daemon's peak memory by so many results of 16 MiB, one after the other", Unit.BYTES),
    ALLOCATED("bytes allocated by the daemon per small call, so many calls on their way in each of 8 sessions", Unit.BYTES),
    MICRO_TIME("time per operation on a message of so many bytes", Unit.NANOSECONDS),
    MICRO_ALLOCATED("bytes allocated per operation on a message of so many bytes", Unit.BYTES);

    /** What a figure's values are. */
    public enum Unit {
        NANOSECONDS("ns"),
        BYTES("bytes"),
        PER_SECOND("1/s"),
        TIMES("x");

        private final String symbol;

        Unit(String symbol) {
            this.symbol = symbol;
        }

        public String symbol() {
            return symbol;
        }
    }

    private final String words;
    private final Unit unit;

    Figure(String words, Unit unit) {
        this.words = words;
        this.unit = unit;
    }

    /** What it is, in words. */
    public String words() {
        return words;
    }

    public Unit unit() {
        return unit;
    }
}
