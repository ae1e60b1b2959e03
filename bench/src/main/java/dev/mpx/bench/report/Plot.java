package dev.mpx.bench.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.DoubleFunction;

/** A plot with both axes logarithmic, as SVG. Lines are told apart by their names at their ends, not by colour alone. */
final class Plot {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 420;
    private static final int LEFT = 84;
    private static final int RIGHT = 120;
    private static final int TOP = 44;
    private static final int BOTTOM = 56;
    private static final int LABEL_HEIGHT = 14;
    private static final List<String> COLOURS = List.of(
            "#7f7f7f", "#1f77b4", "#d62728", "#ff7f0e", "#2ca02c", "#9467bd", "#8c564b", "#17becf");

    private record Curve(String name, String colour, SortedMap<Long, Double> points) {}

    private record Label(String name, String colour, double x, double y) {}

    private final String title;
    private final String acrossTitle;
    private final DoubleFunction<String> upText;
    private final List<Curve> curves = new ArrayList<>();

    /** @param upText a value of the axis that goes up, with its unit */
    Plot(String title, String acrossTitle, DoubleFunction<String> upText) {
        this.title = title;
        this.acrossTitle = acrossTitle;
        this.upText = upText;
    }

    void add(String name, int colour, SortedMap<Long, Double> points) {
        if (!points.isEmpty()) {
            curves.add(new Curve(name, COLOURS.get(colour % COLOURS.size()), new TreeMap<>(points)));
        }
    }

    boolean isEmpty() {
        return curves.isEmpty();
    }

    String svg() {
        double lowest = curves.stream().flatMap(curve -> curve.points.values().stream()).mapToDouble(d -> d).min().orElse(1);
        double highest = curves.stream().flatMap(curve -> curve.points.values().stream()).mapToDouble(d -> d).max().orElse(10);
        List<Long> places = curves.stream().flatMap(curve -> curve.points.keySet().stream()).distinct().sorted().toList();
        double bottom = Math.pow(10, Math.floor(Math.log10(lowest)));
        double top = Math.pow(10, Math.ceil(Math.log10(highest)));
        Scale up = new Scale(bottom, top, HEIGHT - BOTTOM, TOP);
        Scale across = new Scale(places.get(0), Math.max(places.get(places.size() - 1), places.get(0) * 2), LEFT, WIDTH - RIGHT);
        StringBuilder svg = new StringBuilder();
        put(svg, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">",
                WIDTH, HEIGHT);
        put(svg, "<rect width=\"%d\" height=\"%d\" fill=\"white\"/>", WIDTH, HEIGHT);
        text(svg, LEFT, TOP / 2.0, "start", "#000", title);
        text(svg, (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 16, "middle", "#000", acrossTitle);
        for (double value = up.from; value <= up.to * 1.001; value *= 10) {
            line(svg, LEFT, up.at(value), WIDTH - RIGHT, up.at(value));
            text(svg, LEFT - 6, up.at(value) + 4, "end", "#444", upText.apply(value));
        }
        for (long place : places) {
            line(svg, across.at(place), TOP, across.at(place), HEIGHT - BOTTOM);
            text(svg, across.at(place), HEIGHT - BOTTOM + 18, "middle", "#444", Long.toString(place));
        }
        curves.forEach(curve -> draw(svg, curve, across, up));
        labels(across, up).forEach(label -> text(svg, label.x + 8, label.y + 4, "start", label.colour, label.name));
        return svg.append("</svg>\n").toString();
    }

    private static void draw(StringBuilder svg, Curve curve, Scale across, Scale up) {
        StringBuilder points = new StringBuilder();
        curve.points.forEach((x, y) -> put(points, "%.1f,%.1f", across.at(x), up.at(y)));
        put(svg, "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\" points=\"%s\"/>",
                curve.colour, points.toString().strip().replace('\n', ' '));
        curve.points.forEach((x, y) -> put(svg, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"><title>%s, %d: %s</title></circle>",
                across.at(x), up.at(y), curve.colour, curve.name, x, Math.round(y)));
    }

    /** Names beside the last points, moved apart where they would lie on each other. */
    private List<Label> labels(Scale across, Scale up) {
        List<Label> wanted = new ArrayList<>();
        for (Curve curve : curves) {
            long last = curve.points.lastKey();
            wanted.add(new Label(curve.name, curve.colour, across.at(last), up.at(curve.points.get(last))));
        }
        wanted.sort(Comparator.comparingDouble(Label::y));
        List<Label> placed = new ArrayList<>();
        Map<Double, Double> free = new HashMap<>();
        for (Label label : wanted) {
            double y = Math.max(label.y, free.getOrDefault(label.x, (double) TOP));
            placed.add(new Label(label.name, label.colour, label.x, y));
            free.put(label.x, y + LABEL_HEIGHT);
        }
        return placed;
    }

    private static void line(StringBuilder svg, double fromX, double fromY, double toX, double toY) {
        put(svg, "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>", fromX, fromY, toX, toY);
    }

    private static void text(StringBuilder svg, double x, double y, String anchor, String colour, String words) {
        put(svg, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"%s\">%s</text>", x, y, anchor, colour, words);
    }

    private static void put(StringBuilder svg, String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    private record Scale(double from, double to, double begin, double end) {
        double at(double value) {
            double range = Math.log(to / from);
            return range == 0 ? begin : begin + (end - begin) * Math.log(value / from) / range;
        }
    }
}
