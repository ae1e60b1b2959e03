package dev.mpx.proxy.status;

import java.util.ArrayList;
import java.util.List;

/** Lines under labels, as they come. */
final class Page {
    private static final int LABEL = 10;

    private final Layout layout;
    private final List<Line> lines = new ArrayList<>();

    Page(Layout layout) {
        this.layout = layout;
    }

    Layout layout() {
        return layout;
    }

    int size() {
        return lines.size();
    }

    void add(Line line) {
        lines.add(line);
    }

    void add(Page other) {
        lines.addAll(other.lines);
    }

    void blank() {
        lines.add(new Line());
    }

    /** A line with a label before it. */
    static Line labelled(String label) {
        return new Line().add(Style.STRONG, Columns.left(label, LABEL));
    }

    /** What belongs to the label above. */
    static Line below() {
        return new Line().add(Columns.spaces(LABEL));
    }

    void add(String label, String text) {
        lines.add(labelled(label).add(Plain.of(text)));
    }

    /** A text that goes on in the next line, at most that many; what it says must not be lost. */
    void wrap(Line first, int indent, Style style, String text, int most) {
        String rest = Plain.of(text);
        Line line = first;
        for (int written = 1; written < most && line.width() + Columns.of(rest) > layout.width(); written++) {
            int fits = Columns.fitting(rest, layout.width() - line.width());
            int space = rest.lastIndexOf(' ', fits);
            int end = space > 0 ? space : Math.max(1, fits);
            lines.add(line.add(style, rest.substring(0, end)));
            rest = rest.substring(end).stripLeading();
            line = new Line().add(Columns.spaces(indent));
        }
        lines.add(line.add(style, rest));
    }

    void wrap(String label, String text, int most) {
        wrap(labelled(label), LABEL, Style.NONE, text, most);
    }

    String render() {
        StringBuilder screen = new StringBuilder(2048);
        for (Line line : lines) {
            screen.append(line.render(layout)).append('\n');
        }
        return screen.toString();
    }
}
