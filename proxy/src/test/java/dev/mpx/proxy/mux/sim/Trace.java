package dev.mpx.proxy.mux.sim;

import java.util.ArrayDeque;

/** The last events of a run, written out only when somebody wants to read them. */
final class Trace {
    /** How many events a failure shows. */
    static final int LAST = 40;
    private static final int LONGEST = 400;

    private record Event(long step, long millis, String what, Object about) {
        @Override
        public String toString() {
            String text = String.valueOf(about);
            return "%5d %6d ms  %-12s %s"
                    .formatted(step, millis, what, text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text);
        }
    }

    private final VirtualTime time;
    private final int kept;
    private final ArrayDeque<Event> events = new ArrayDeque<>();
    private long steps;

    /** @param kept how many events to keep */
    Trace(VirtualTime time, int kept) {
        this.time = time;
        this.kept = kept;
    }

    void step() {
        steps++;
    }

    long steps() {
        return steps;
    }

    void event(String what, Object about) {
        events.add(new Event(steps, time.millis(), what, about));
        if (events.size() > kept) {
            events.poll();
        }
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        events.forEach(event -> text.append(event).append('\n'));
        return text.toString();
    }
}
