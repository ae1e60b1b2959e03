package dev.mpx.proxy.agents.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A range of characters that becomes another text.
 *
 * @param from the first that goes
 * @param to behind the last that goes; {@code from} for an insertion
 */
public record Splice(int from, int to, String text) {
    static Splice insert(int at, String text) {
        return new Splice(at, at, text);
    }

    static Splice of(Node.Span span, String text) {
        return new Splice(span.from(), span.to(), text);
    }

    /** The text with all of them done; they must not overlap. Insertions at one place keep their order. */
    public static String apply(String text, List<Splice> splices) {
        List<Splice> inOrder = new ArrayList<>(splices);
        inOrder.sort(Comparator.comparingInt(Splice::from).thenComparingInt(Splice::to));
        StringBuilder result = new StringBuilder();
        int at = 0;
        for (Splice splice : inOrder) {
            if (splice.from() < at) {
                throw new IllegalArgumentException("two splices overlap at " + splice.from());
            }
            result.append(text, at, splice.from()).append(splice.text());
            at = splice.to();
        }
        return result.append(text, at, text.length()).toString();
    }
}
