package dev.mpx.proxy.agents.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Of any document, in any layout, one member changes and everything else stays, to the byte. */
class JsonDocumentPropertyTest {
    /** Writes documents in every layout that JSON with comments allows. */
    private static final class Writer {
        private final Random random;
        private final StringBuilder text = new StringBuilder();

        Writer(long seed) {
            this.random = new Random(seed);
        }

        String document() {
            if (random.nextInt(8) == 0) {
                text.append('\uFEFF');
            }
            gap();
            object(0);
            gap();
            return text.toString();
        }

        private void object(int depth) {
            text.append('{');
            int members = random.nextInt(4);
            gap();
            for (int i = 0; i < members; i++) {
                string("k" + i + (random.nextInt(4) == 0 ? "\u00e9\\u00e9\\\\" : ""));
                gap();
                text.append(':');
                gap();
                value(depth + 1);
                gap();
                if (i < members - 1 || random.nextInt(3) == 0) {
                    text.append(',');
                    gap();
                }
            }
            text.append('}');
        }

        private void value(int depth) {
            switch (random.nextInt(depth > 4 ? 4 : 6)) {
                case 0 -> string("a \\\" // no comment, {[");
                case 1 -> text.append(List.of("1.50", "-0", "1E400", "12345678901234567890").get(random.nextInt(4)));
                case 2 -> text.append(List.of("true", "false", "null").get(random.nextInt(3)));
                case 3 -> {
                    text.append('[');
                    gap();
                    if (random.nextBoolean()) {
                        string("x");
                        gap();
                        text.append(random.nextBoolean() ? "," : "");
                        gap();
                    }
                    text.append(']');
                }
                default -> object(depth);
            }
        }

        private void string(String inside) {
            text.append('"').append(inside).append('"');
        }

        private void gap() {
            int count = random.nextInt(3);
            for (int i = 0; i < count; i++) {
                text.append(List.of(" ", "  ", "\t", "\n", "\r\n", "\n    ", "/* \"c\": {, */", "// c }, \"\n", " ")
                        .get(random.nextInt(9)));
            }
        }
    }

    /** Every table of a document, by its path. */
    private static void tables(Node node, List<String> path, Map<List<String>, Node.Table> found) {
        if (node instanceof Node.Table table) {
            found.put(path, table);
            for (Node.Member member : table.members()) {
                List<String> inner = new ArrayList<>(path);
                inner.add(member.name());
                tables(member.value(), inner, found);
            }
        }
    }

    private static Map<List<String>, Node.Table> tables(JsonDocument document) {
        Map<List<String>, Node.Table> found = new LinkedHashMap<>();
        tables(document.root(), List.of(), found);
        return found;
    }

    @Property(tries = 400)
    void everyValueStandsWhereItIsSaidTo(@ForAll long seed) throws Exception {
        String text = new Writer(seed).document();
        JsonDocument document = JsonDocument.parse(text);
        for (Node.Table table : tables(document).values()) {
            assertThat(document.written(table)).startsWith("{").endsWith("}");
            for (Node.Member member : table.members()) {
                assertThat(text.charAt(member.start())).isEqualTo('"');
                String alone = document.written(member.value());
                assertThat(JsonDocument.value(alone)).isEqualTo(member.value().plain());
            }
        }
    }

    @Property(tries = 400)
    void aMemberIsReplacedAndAllElseStays(@ForAll long seed) throws Exception {
        String text = new Writer(seed).document();
        JsonDocument document = JsonDocument.parse(text);
        for (Map.Entry<List<String>, Node.Table> table : tables(document).entrySet()) {
            for (Node.Member member : table.getValue().members()) {
                Node.Span span = member.value().span();

                JsonDocument after = document.with(List.of(document.set(member.value(), "mpx")));

                assertThat(after.text()).startsWith(text.substring(0, span.from()) + "\"mpx\"").endsWith(text.substring(span.to()));
                assertThat(after.text()).hasSize(text.length() - (span.to() - span.from()) + 5);
            }
        }
    }

    /** What is added and taken away again leaves blanks and commas behind at most. */
    @Property(tries = 400)
    void aMemberIsAddedToAnyTableAllElseStaysAndItCanBeTakenAwayAgain(@ForAll long seed) throws Exception {
        String text = new Writer(seed).document();
        JsonDocument document = JsonDocument.parse(text);
        for (List<String> path : tables(document).keySet()) {
            JsonDocument after = document.with(document.add(path, "new", Map.of("command", List.of("a", "b"))));

            List<String> member = new ArrayList<>(path);
            member.add("new");
            assertThat(after.root().at(member).orElseThrow().plain()).isEqualTo(Map.of("command", List.of("a", "b")));
            assertThat(isSubsequence(text, after.text())).as("nothing went from\n%s\nto\n%s", text, after.text()).isTrue();
            JsonDocument back = after.with(after.remove(member));
            assertThat(back.meaning()).isEqualTo(document.meaning());
            assertThat(back.text().replaceAll("[\\s,]", "")).isEqualTo(text.replaceAll("[\\s,]", ""));
        }
    }

    @Property(tries = 400)
    void anyMemberCanBeTakenAwayAndItsNeighboursStay(@ForAll long seed) throws Exception {
        JsonDocument document = JsonDocument.parse(new Writer(seed).document());
        for (Map.Entry<List<String>, Node.Table> table : tables(document).entrySet()) {
            for (Node.Member member : table.getValue().members()) {
                List<String> path = new ArrayList<>(table.getKey());
                path.add(member.name());

                JsonDocument after = document.with(document.remove(path));

                Map<String, Object> wanted = new LinkedHashMap<>(table.getValue().plain());
                wanted.remove(member.name());
                assertThat(after.root().at(table.getKey()).orElseThrow().plain()).isEqualTo(wanted);
            }
        }
    }

    private static boolean isSubsequence(String part, String whole) {
        // blanks inside of empty braces may be laid out anew
        String wanted = part.replaceAll("\\s", "");
        int at = 0;
        for (int i = 0; i < whole.length() && at < wanted.length(); i++) {
            at += whole.charAt(i) == wanted.charAt(at) ? 1 : 0;
        }
        return at == wanted.length();
    }
}
