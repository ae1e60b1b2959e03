package dev.mpx.proxy.agents.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The difference of two texts in the unified format, as {@code diff -u} prints it, by the method of Myers (An O(ND) Difference
 * Algorithm and Its Variations, 1986). Stateless.
 */
public final class UnifiedDiff {
    private static final int CONTEXT = 3;
    /** Beyond, two texts have little in common, and all lines go and come. */
    private static final int MOST_EDITS = 2000;

    private record Line(char sign, String text) {}

    private UnifiedDiff() {}

    /** The lines of the difference without line ends, headers first; none if there is no difference. */
    public static List<String> of(String before, String after, String name) {
        if (before.equals(after)) {
            return List.of();
        }
        List<Line> lines = lines(split(before), split(after));
        List<String> diff = new ArrayList<>(List.of("--- " + (before.isEmpty() ? "/dev/null" : name),
                "+++ " + (after.isEmpty() ? "/dev/null" : name)));
        int at = 0;
        while (at < lines.size()) {
            if (lines.get(at).sign() == ' ') {
                at++;
                continue;
            }
            int from = Math.max(0, at - CONTEXT);
            int to = at;
            for (int next = at; next < lines.size() && next <= to + 2 * CONTEXT; next++) {
                to = lines.get(next).sign() == ' ' ? to : next;
            }
            to = Math.min(lines.size(), to + 1 + CONTEXT);
            hunk(lines, from, to, diff);
            at = to;
        }
        return diff;
    }

    private static void hunk(List<Line> lines, int from, int to, List<String> diff) {
        long old = lines.subList(0, from).stream().filter(line -> line.sign() != '+').count();
        long young = lines.subList(0, from).stream().filter(line -> line.sign() != '-').count();
        long oldCount = lines.subList(from, to).stream().filter(line -> line.sign() != '+').count();
        long youngCount = lines.subList(from, to).stream().filter(line -> line.sign() != '-').count();
        diff.add("@@ -" + range(old, oldCount) + " +" + range(young, youngCount) + " @@");
        for (Line line : lines.subList(from, to)) {
            boolean isEnded = line.text().endsWith("\n");
            diff.add(line.sign() + (isEnded ? line.text().substring(0, line.text().length() - 1) : line.text()));
            if (!isEnded) {
                diff.add("\\ No newline at end of file");
            }
        }
    }

    private static String range(long before, long count) {
        return (count == 0 ? before : before + 1) + (count == 1 ? "" : "," + count);
    }

    private static List<String> split(String text) {
        List<String> lines = new ArrayList<>();
        for (int at = 0; at < text.length(); ) {
            int end = Layout.nextLine(text, at);
            lines.add(text.substring(at, end));
            at = end;
        }
        return lines;
    }

    private static List<Line> lines(List<String> old, List<String> young) {
        List<int[]> traces = new ArrayList<>();
        int most = Math.min(MOST_EDITS, old.size() + young.size());
        int[] furthest = new int[2 * most + 3];
        for (int edits = 0; edits <= most; edits++) {
            traces.add(Arrays.copyOfRange(furthest, most + 1 - edits - 1, most + 1 + edits + 2));
            for (int k = -edits; k <= edits; k += 2) {
                boolean isDown = k == -edits || k != edits && furthest[most + k] < furthest[most + 2 + k];
                int x = isDown ? furthest[most + 2 + k] : furthest[most + k] + 1;
                while (x < old.size() && x - k < young.size() && x - k >= 0 && old.get(x).equals(young.get(x - k))) {
                    x++;
                }
                furthest[most + 1 + k] = x;
                if (x >= old.size() && x - k >= young.size()) {
                    return back(old, young, traces);
                }
            }
        }
        List<Line> all = new ArrayList<>();
        old.forEach(line -> all.add(new Line('-', line)));
        young.forEach(line -> all.add(new Line('+', line)));
        return all;
    }

    /** The way back from the ends of both texts. */
    private static List<Line> back(List<String> old, List<String> young, List<int[]> traces) {
        List<Line> lines = new ArrayList<>();
        int x = old.size();
        int y = young.size();
        for (int edits = traces.size() - 1; edits >= 0; edits--) {
            int[] trace = traces.get(edits); // of diagonals from -edits - 1 to edits + 1
            int k = x - y;
            boolean isDown = k == -edits || k != edits && trace[k - 1 + edits + 1] < trace[k + 1 + edits + 1];
            int fromK = isDown ? k + 1 : k - 1;
            int fromX = edits == 0 ? 0 : trace[fromK + edits + 1];
            int fromY = edits == 0 ? 0 : fromX - fromK;
            while (x > fromX && y > fromY && old.get(x - 1).equals(young.get(y - 1))) {
                lines.add(new Line(' ', old.get(--x)));
                y--;
            }
            if (edits > 0) {
                lines.add(isDown ? new Line('+', young.get(--y)) : new Line('-', old.get(--x)));
            }
        }
        java.util.Collections.reverse(lines);
        return lines;
    }
}
