package dev.mpx.bench.report;

import dev.mpx.bench.Figure;
import dev.mpx.bench.ways.ChildAlone;
import dev.mpx.bench.ways.Mpx;
import dev.mpx.bench.ways.TwoRelays;
import java.util.List;
import java.util.Set;

/** The rows of the table: which figures, in which order, under which names. */
final class Rows {
    /** Figures of whole processes, in the order of the table. */
    static final List<Figure> OF_WAYS = List.of(
            Figure.ROUND_TRIP_P50, Figure.ROUND_TRIP_P99, Figure.ROUND_TRIP_P999, Figure.UNFAIRNESS, Figure.WORKING_P50,
            Figure.PIPELINED_P50, Figure.RATE, Figure.RESULT, Figure.CPU, Figure.DISTURBED_P99,
            Figure.START_THERE, Figure.START_CHILD_COLD, Figure.START_COLD_KNOWN, Figure.START_COLD_NEW, Figure.START_COLD_RESULT,
            Figure.SHIM_RESIDENT, Figure.SHIM_SHARE, Figure.DAEMON_RESIDENT, Figure.ALL_SHARE,
            Figure.DAEMON_AFTER_CALLS, Figure.LARGE_RESULTS_GROWTH, Figure.ALLOCATED);

    static final List<String> WAYS = List.of(
            ChildAlone.NAME, TwoRelays.NAME, Mpx.NATIVE, Mpx.JAVA, "node", "python", "rmcp-mux", "mcp-mux");

    private static final List<String> DISTURBERS = List.of("nobody", "one that does not read", "one that reads slowly");

    private static final long SMALLEST_RESULT = 16;

    private Rows() {}

    static boolean isPeer(String way) {
        return WAYS.indexOf(way) > WAYS.indexOf(Mpx.JAVA);
    }

    private static final Set<Figure> CONTESTS = Set.of(
            Figure.ROUND_TRIP_P50, Figure.ROUND_TRIP_P99, Figure.RATE, Figure.RESULT, Figure.CPU, Figure.DISTURBED_P99,
            Figure.START_THERE, Figure.SHIM_RESIDENT, Figure.DAEMON_RESIDENT, Figure.ALL_SHARE);

    /** Whether peers have it too, and less of it (of the rate: more) is better; a small result is a round trip by another name. */
    static boolean isContest(Figure figure, long at) {
        return CONTESTS.contains(figure) && !(figure == Figure.RESULT && at == SMALLEST_RESULT);
    }

    static String name(Figure figure, long at) {
        String sessions = at == 1 ? "1 session" : at + " sessions";
        return switch (figure) {
            case ROUND_TRIP_P50 -> "round trip, " + sessions;
            case ROUND_TRIP_P99 -> "p99, " + sessions;
            case ROUND_TRIP_P999 -> "p99.9, " + sessions;
            case UNFAIRNESS -> "worst session's p99 to the median's, " + sessions;
            case WORKING_P50 -> "round trip, " + sessions + ", a child that works 100 µs a call (child: 1 session with 64 calls)";
            case PIPELINED_P50 -> "round trip, 1 session with " + at + " calls on their way";
            case RATE -> "calls/s, 8 sessions, " + at + " on their way in each";
            case RESULT -> "result of " + Values.size(at);
            case CPU -> "processor time a call, 8 sessions, " + at + " on their way in each";
            case DISTURBED_P99 -> "p99, 8 sessions beside " + DISTURBERS.get((int) at);
            case START_THERE -> "start to first reply, all there";
            case START_CHILD_COLD -> "start to first result, server not there";
            case START_COLD_KNOWN -> "start to first reply, no daemon, server known";
            case START_COLD_NEW -> "start to first reply, no daemon, server new";
            case START_COLD_RESULT -> "start to first result, no daemon, server known";
            case SHIM_RESIDENT -> "a session's process, resident, " + sessions;
            case SHIM_SHARE -> "a session's process, proportional, " + sessions;
            case DAEMON_RESIDENT -> "daemon, resident, " + sessions;
            case ALL_SHARE -> "all processes, proportional, " + sessions;
            case DAEMON_AFTER_CALLS -> "daemon, resident, after " + at + " calls";
            case LARGE_RESULTS_GROWTH -> "growth of the daemon by " + (at == 1 ? "the first result" : at + " results") + " of 16 MiB";
            case ALLOCATED -> "allocated a call, 8 sessions, " + at + " on their way in each";
            case MICRO_TIME, MICRO_ALLOCATED -> Values.size(at);
        };
    }
}
