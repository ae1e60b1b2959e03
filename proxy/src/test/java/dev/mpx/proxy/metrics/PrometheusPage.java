package dev.mpx.proxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Metrics read as strictly as the text format 0.0.4 is written down, and judged by the rules of {@code promtool check
 * metrics}: each family in one piece, HELP and TYPE once and first, counters in {@code _total}, base units, histograms whole and
 * rising, no sample twice.
 */
public final class PrometheusPage {
    private static final String NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
    private static final Pattern COMMENT = Pattern.compile("# (HELP|TYPE) (" + NAME + ") (.+)");
    private static final Pattern SAMPLE = Pattern.compile("(" + NAME + ")(?:\\{(.*)\\})? (NaN|[+-]Inf|[-+0-9.eE]+)");
    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\n]|\\\\[\\\\\"n])*)\"(,|$)");

    private final Map<String, String> types = new LinkedHashMap<>();
    private final Map<String, String> helps = new LinkedHashMap<>();
    private final Map<String, Double> samples = new LinkedHashMap<>();
    private final Set<String> families = new LinkedHashSet<>();
    private String family = "";

    private PrometheusPage() {}

    /** @throws AssertionError if it is not as it should be */
    public static PrometheusPage read(String text) {
        PrometheusPage page = new PrometheusPage();
        assertThat(text).endsWith("\n").doesNotContain("\n\n").doesNotContain("\r");
        for (String line : text.substring(0, text.length() - 1).split("\n")) {
            page.line(line);
        }
        page.judge();
        return page;
    }

    /** @param sample name and labels as they are written, such as {@code mpx_jobs{state="running"}} */
    public double value(String sample) {
        assertThat(samples).containsKey(sample);
        return samples.get(sample);
    }

    public Set<String> samples() {
        return samples.keySet();
    }

    private void line(String line) {
        Matcher comment = COMMENT.matcher(line);
        if (comment.matches()) {
            begin(comment.group(2));
            Map<String, String> which = comment.group(1).equals("HELP") ? helps : types;
            assertThat(which.put(comment.group(2), comment.group(3))).as(line).isNull();
            return;
        }
        Matcher sample = SAMPLE.matcher(line);
        assertThat(sample.matches()).as("a sample: " + line).isTrue();
        assertThat(familyOf(sample.group(1))).as(line).isEqualTo(family);
        if (sample.group(2) != null) {
            labels(sample.group(2));
        }
        String key = line.substring(0, line.lastIndexOf(' '));
        assertThat(samples.put(key, Double.parseDouble(sample.group(3).replace("Inf", "Infinity")))).as("only once: " + key).isNull();
    }

    private void begin(String name) {
        if (!name.equals(family)) {
            assertThat(families.add(name)).as(name + " in one piece").isTrue();
            family = name;
        }
    }

    private String familyOf(String name) {
        String base = name.replaceFirst("_(bucket|sum|count)$", "");
        return "histogram".equals(types.get(base)) ? base : name;
    }

    private static List<String> labels(String text) {
        List<String> names = new ArrayList<>();
        Matcher label = LABEL.matcher(text);
        int at = 0;
        while (at < text.length()) {
            assertThat(label.find(at) && label.start() == at).as("labels: " + text.substring(at)).isTrue();
            names.add(label.group(1));
            at = label.end();
        }
        assertThat(names).doesNotHaveDuplicates();
        return names;
    }

    private void judge() {
        assertThat(helps.keySet()).isEqualTo(types.keySet());
        types.forEach((name, type) -> {
            assertThat(name).startsWith("mpx_").doesNotContain("__").matches("[a-z0-9_]+");
            assertThat(type).isIn("counter", "gauge", "histogram");
            assertThat(name.endsWith("_total")).as(name + " is a " + type).isEqualTo(type.equals("counter"));
            assertThat(name).doesNotContain("millis").doesNotContain("_ms").doesNotContain("kilo");
            assertThat(samples.keySet()).as("samples of " + name).anySatisfy(sample -> assertThat(sample).startsWith(name));
        });
        types.entrySet().stream().filter(entry -> entry.getValue().equals("histogram")).forEach(entry -> judgeHistogram(entry.getKey()));
    }

    private void judgeHistogram(String name) {
        Map<String, TreeMap<Double, Double>> buckets = new LinkedHashMap<>();
        samples.forEach((sample, value) -> {
            if (sample.startsWith(name + "_bucket{")) {
                Matcher le = Pattern.compile(",?le=\"([^\"]+)\"").matcher(sample);
                assertThat(le.find()).as(sample).isTrue();
                String labels = le.replaceFirst("").substring((name + "_bucket").length());
                buckets.computeIfAbsent(labels, none -> new TreeMap<>()).put(Double.parseDouble(le.group(1).replace("Inf", "Infinity")), value);
            }
        });
        assertThat(buckets).isNotEmpty();
        buckets.forEach((labels, counts) -> {
            assertThat(new ArrayList<>(counts.values())).as(name + labels).isSorted();
            assertThat(counts.lastKey()).isInfinite();
            assertThat(counts.size()).isGreaterThan(10);
            assertThat(value(name + "_count" + labels)).isEqualTo(counts.lastEntry().getValue());
            assertThat(value(name + "_sum" + labels)).isNotNegative();
        });
    }
}
