package dev.mpx.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedSet;
import java.util.TreeSet;

/** What has been measured: for each figure of each way one value a round, of which the median counts. Not thread-safe. */
public final class Book {
    /** What a value is of. */
    public record Key(Figure figure, String way, long at) {}

    /**
     * Something that went wrong.
     *
     * @param fatal whether it makes the benchmark a broken one, rather than being a limit of a peer
     */
    public record Fault(String way, String what, String message, boolean fatal) {}

    private final Map<Key, List<Double>> values = new LinkedHashMap<>();
    private final Map<String, String> notMeasured = new LinkedHashMap<>();
    private final List<Fault> faults = new ArrayList<>();

    public void add(Figure figure, String way, long at, double value) {
        values.computeIfAbsent(new Key(figure, way, at), key -> new ArrayList<>()).add(value);
    }

    public void addFault(Fault fault) {
        faults.add(fault);
    }

    /** A way that can't be measured here, and why. */
    public void leaveOut(String way, String why) {
        notMeasured.put(way, why);
    }

    public OptionalDouble median(Figure figure, String way, long at) {
        double[] sorted = values.getOrDefault(new Key(figure, way, at), List.of()).stream().mapToDouble(d -> d).sorted().toArray();
        return sorted.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(median(sorted));
    }

    private static double median(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** All that was measured, in the order in which each was measured first. */
    public Map<Key, List<Double>> values() {
        return new LinkedHashMap<>(values);
    }

    /** Where a figure was measured of anything, ascending. */
    public SortedSet<Long> places(Figure figure) {
        SortedSet<Long> places = new TreeSet<>();
        values.keySet().stream().filter(key -> key.figure() == figure).forEach(key -> places.add(key.at()));
        return places;
    }

    /** Of which ways a figure was measured, in the order of the first time. */
    public List<String> ways(Figure figure) {
        return values.keySet().stream().filter(key -> key.figure() == figure).map(Key::way).distinct().toList();
    }

    public Map<String, String> notMeasured() {
        return new LinkedHashMap<>(notMeasured);
    }

    public List<Fault> faults() {
        return List.copyOf(faults);
    }

    public boolean isBroken() {
        return faults.stream().anyMatch(Fault::fatal);
    }
}
