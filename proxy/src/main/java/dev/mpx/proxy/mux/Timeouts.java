package dev.mpx.proxy.mux;

import java.time.Duration;
import java.util.Map;

/**
 * How long anything may take (DESIGN.md, "Deadlines"). A zero duration switches that deadline off.
 *
 * @param request from the hand-over of a call to the child; its progress starts it anew. The same time in the queue,
 *     where the clock runs only while the child is ready
 * @param max for a call on the child, whatever progress it makes
 * @param total for everything before the hand-over, whatever state the child is in
 * @param initialize for the child's start, its handshake and its first lists together
 * @param grace after a call's deadline: a child that answers nothing in it is stalled; zero: it never is
 * @param methods instead of {@code request}, by method
 * @param tools instead of {@code request}, by tool; counts before {@code methods}
 */
public record Timeouts(
        Duration request,
        Duration max,
        Duration total,
        Duration initialize,
        Duration grace,
        Map<String, Duration> methods,
        Map<String, Duration> tools) {
    /** The shipped ones. */
    public static final Timeouts DEFAULT = new Timeouts(
            Duration.ofSeconds(60),
            Duration.ofMinutes(30),
            Duration.ofMinutes(5),
            Duration.ofSeconds(120),
            Duration.ofSeconds(2),
            Map.of(),
            Map.of());

    private static final long NEVER = Long.MAX_VALUE / 4;

    public Timeouts {
        methods = Map.copyOf(methods);
        tools = Map.copyOf(tools);
    }

    /** Milliseconds a call may be on the child without progress. */
    long onChild(Call call) {
        Duration own = call.method.equals(Methods.TOOLS_CALL) ? tools.get(call.target) : null;
        return millis(own != null ? own : methods.getOrDefault(call.method, request));
    }

    /** Milliseconds a call may be on the child with progress; never less than without. */
    long onChildAtMost(Call call) {
        return Math.max(millis(max), onChild(call));
    }

    /** Milliseconds a call may wait for its turn while the child is ready. */
    long inQueue() {
        return millis(request);
    }

    /** Milliseconds a call may wait for its turn at all; a longer time for its tool counts here too. */
    long waiting(Call call) {
        long onChild = onChild(call);
        return Math.max(millis(total), onChild >= NEVER ? 0 : onChild);
    }

    static long millis(Duration duration) {
        return duration.isZero() ? NEVER : duration.toMillis();
    }
}
