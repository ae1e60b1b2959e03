package dev.mpx.proxy.mux.sim;

import java.util.ArrayDeque;

/** The last events of a run, written out only when somebody wants to read them. */
final class Trace {
    private static final int KEPT = 40;
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
    private final boolean loud;
    private final ArrayDeque<Event> events = new ArrayDeque<>();
    private long steps;

    /** @param loud whether to print every event as it happens */
    Trace(VirtualTime time, boolean loud) {
        this.time = time;
        this.loud = loud;
    }

    void step() {
        steps++;
    }

    long steps() {
        return steps;
    }

    void event(String what, Object about) {
        Event event = new Event(steps, time.millis(), what, about);
        if (loud) {
            System.out.println(event);
        }
        events.add(event);
        if (events.size() > KEPT) {
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
