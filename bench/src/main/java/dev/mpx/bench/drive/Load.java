package dev.mpx.bench.drive;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the driver is to do, as options of it; what is not said is as in {@code native/driver.c} or as it was before. Immutable. */
public final class Load {
    private final Map<String, String> options;

    private Load(Map<String, String> options) {
        this.options = options;
    }

    /** Nothing said. */
    public static Load plain() {
        return new Load(Map.of());
    }

    private Load with(String option, Object value) {
        Map<String, String> more = new LinkedHashMap<>(options);
        more.put(option, value.toString());
        return new Load(more);
    }

    public Load sessions(int count) {
        return with("sessions", count);
    }

    /** Calls on their way at once in each session. */
    public Load window(int calls) {
        return with("window", calls);
    }

    /** Bytes of a result's text, 16 at least. */
    public Load size(long bytes) {
        return with("size", bytes);
    }

    /** How long the child works for a call. */
    public Load work(int microseconds) {
        return with("work", microseconds);
    }

    public Load seconds(double seconds) {
        return with("seconds", seconds);
    }

    /** Seconds after the sessions are open that are not counted. */
    public Load warm(double seconds) {
        return with("warm", seconds);
    }

    /** Ends after so many calls, however long that takes; else by its seconds. */
    public Load calls(long count) {
        return with("calls", count).with("least", count);
    }

    /** Ends after so many calls, or by its seconds if that is earlier. */
    public Load most(long calls) {
        return with("calls", calls);
    }

    /** Does not end before it has had so many calls. */
    public Load least(long calls) {
        return with("least", calls);
    }

    /** Further sessions that ask for a lot and read nothing. */
    public Load stalled(int sessions) {
        return with("stalled", sessions);
    }

    /** Further sessions that read a little now and then. */
    public Load slow(int sessions) {
        return with("slow", sessions);
    }

    /** Seconds of silence after which the benchmark is broken. */
    public Load patience(int seconds) {
        return with("patience", seconds);
    }

    /** Seconds after which it ends, with fewer calls than it should have had. */
    public Load longest(double seconds) {
        return with("longest", seconds);
    }

    /** Sessions one after the other, where starts are measured. */
    public Load repeat(int times) {
        return with("repeat", times);
    }

    List<String> words() {
        List<String> words = new ArrayList<>();
        options.forEach((name, value) -> words.add(name + "=" + value));
        return words;
    }
}
