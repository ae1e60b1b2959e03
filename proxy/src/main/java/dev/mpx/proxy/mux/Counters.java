package dev.mpx.proxy.mux;

import dev.mpx.framing.Frame;
import dev.mpx.framing.Line;
import dev.mpx.framing.OversizedLine;
import java.util.EnumMap;
import java.util.Map;

/** One number per {@link Counter}. Confined to the multiplexer's scheduler. */
final class Counters {
    private final long[] values = new long[Counter.values().length];

    void count(Counter counter) {
        values[counter.ordinal()]++;
    }

    void count(Counter counter, Line line) {
        values[counter.ordinal()] += 1 + (line instanceof OversizedLine oversized ? oversized.length() : ((Frame) line).length());
    }

    long get(Counter counter) {
        return values[counter.ordinal()];
    }

    Map<Counter, Long> snapshot() {
        Map<Counter, Long> all = new EnumMap<>(Counter.class);
        for (Counter counter : Counter.values()) {
            all.put(counter, get(counter));
        }
        return all;
    }
}
