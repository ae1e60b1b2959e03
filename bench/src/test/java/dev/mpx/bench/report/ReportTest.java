package dev.mpx.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.bench.Book;
import dev.mpx.bench.Figure;
import dev.mpx.fixtures.json.Json;
import java.io.StringReader;
import java.time.LocalDate;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

class ReportTest {
    private static final Machine MACHINE = new Machine("a processor", 2, "Linux 6", "JVM 17", LocalDate.of(2026, 1, 2));

    private final Book book = new Book();

    @Test
    void onlyWhatStandsBetweenTheMarksIsReplaced() {
        assertThat(Report.replace("a\n<!-- bench:begin -->\nold\n<!-- bench:end -->\nb\n", "new\n"))
                .hasValue("a\n<!-- bench:begin -->\nnew\n<!-- bench:end -->\nb\n");
        assertThat(Report.replace("no marks\n", "new\n")).isEmpty();
    }

    @Test
    void aBudgetIsJudgedByWhatItIsHeldAgainst() {
        book.add(Figure.ROUND_TRIP_P50, "socat", 1, 100_000);
        book.add(Figure.ROUND_TRIP_P50, "mpx", 1, 150_000);
        book.add(Figure.SHIM_RESIDENT, "mpx", 100, 3 << 20);

        Map<String, String> verdicts = new TreeMap<>();
        new Budgets(book).lines().forEach(line -> verdicts.put(line.what(), line.verdict()));

        assertThat(verdicts).containsEntry("round trip, 1 session", "ok").containsEntry("the same, stretch", "**missed**")
                .containsEntry("shim resident", "**missed**").containsEntry("1 MiB result", "not measured");
    }

    @Test
    void aPeerThatIsAheadIsNamed() {
        book.add(Figure.RATE, "mpx", 16, 1000);
        book.add(Figure.RATE, "rmcp-mux", 16, 2000);
        book.add(Figure.CPU, "mpx", 16, 1000);
        book.add(Figure.CPU, "rmcp-mux", 16, 2000);

        assertThat(new Budgets(book).lines()).filteredOn(line -> line.what().equals("against every peer")).singleElement()
                .extracting(Budgets.Line::measured).isEqualTo("behind rmcp-mux: calls/s, 8 sessions, 16 on their way in each (0.5 x)");
    }

    @Test
    void theTableHasAColumnForEachWayAndSaysWhatIsMissing() {
        book.add(Figure.ROUND_TRIP_P50, "child", 8, 2_500);
        book.add(Figure.ROUND_TRIP_P50, "mpx", 1, 75_000);
        book.leaveOut("node", "not installed");

        assertThat(new Tables(book).all(MACHINE, 5)).contains(
                "| | child | mpx |\n", "| round trip, 1 session |  | 75.0 µs |\n",
                "| round trip, 8 sessions | 2.50 µs |  |\n", "- not measured: node: not installed\n",
                "a processor, 2 cores", "2026-01-02");
    }

    @Test
    void theJsonHoldsEveryRound() {
        book.add(Figure.RATE, "mpx", 16, 1000.25);
        book.add(Figure.RATE, "mpx", 16, 3000);

        Json figure = Json.parse(JsonReport.of(book, MACHINE, 2)).at("figures").elements().get(0);

        assertThat(figure.at("values").elements()).extracting(Json::integer).containsExactly(1000L, 3000L);
        assertThat(figure.at("median").integer()).isEqualTo(2000);
        assertThat(figure.at("figure").text()).isEqualTo("rate");
    }

    @Test
    void aPlotIsWellFormedAndNamesItsCurves() throws Exception {
        Plot plot = new Plot("round trip", "sessions", value -> Values.text(Figure.Unit.NANOSECONDS, value));
        plot.add("mpx", 0, new TreeMap<>(Map.of(1L, 75_000.0, 64L, 2_000_000.0)));
        plot.add("socat", 1, new TreeMap<>(Map.of(1L, 60_000.0)));

        String svg = plot.svg();

        assertThat(svg).contains(">mpx</text>", ">socat</text>", ">100 µs</text>", ">64</text>");
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }
}
