package dev.mpx.proxy.status;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows of cells below each other; every column is as wide as what stands in it, up to its bound, and the last gets what is left. */
final class Table {
    private static final int GAP = 2;

    /** How a column is set. @param most columns; what is longer is cut */
    record Column(String title, int most, boolean isNumber) {}

    private final List<Column> columns;
    private final List<List<String>> rows = new ArrayList<>();
    private final List<Style> styles = new ArrayList<>();
    private final List<String> paths = new ArrayList<>();

    Table(Column... columns) {
        this.columns = List.of(columns);
    }

    void row(Style style, String... cells) {
        rows.add(List.of(cells).stream().map(Plain::of).toList());
        styles.add(style);
        paths.add("");
    }

    /** The last two cells stand in the last column: what must not be lost, and a path, of which the end says most. */
    void pathRow(String... cells) {
        int last = cells.length - 1;
        row(Style.NONE, Arrays.copyOf(cells, last));
        paths.set(paths.size() - 1, Plain.of(cells[last]));
    }

    void writeTo(Page page, Line title, int indent) {
        int[] widths = widths();
        int last = columns.size() - 1;
        int left = indent;
        for (int i = 0; i < last; i++) {
            left += widths[i] + GAP;
        }
        widths[last] = Math.max(0, page.layout().width() - left);
        title.add(Style.FAINT, line(columns.stream().map(Column::title).toList(), widths, ""));
        page.add(title);
        writeRows(page, indent, widths);
    }

    /** Without a title: what stands in the first line belongs to a label, too. */
    void writeTo(Page page, int indent) {
        int[] widths = widths();
        widths[columns.size() - 1] = Math.max(0, page.layout().width() - indent);
        writeRows(page, indent, widths);
    }

    private void writeRows(Page page, int indent, int[] widths) {
        for (int i = 0; i < rows.size(); i++) {
            page.add(new Line().add(Columns.spaces(indent)).add(styles.get(i), line(rows.get(i), widths, paths.get(i))));
        }
    }

    private int[] widths() {
        int[] widths = new int[columns.size()];
        for (int i = 0; i < widths.length; i++) {
            int column = i;
            int widest = rows.stream().mapToInt(row -> Columns.of(row.get(column))).max().orElse(0);
            widths[i] = Math.min(columns.get(i).most, Math.max(Columns.of(columns.get(i).title), widest));
        }
        return widths;
    }

    private String line(List<String> cells, int[] widths, String path) {
        StringBuilder line = new StringBuilder();
        int last = cells.size() - 1;
        for (int i = 0; i < last; i++) {
            String cell = Columns.cut(cells.get(i), widths[i]);
            line.append(columns.get(i).isNumber ? Columns.right(cell, widths[i]) : Columns.left(cell, widths[i])).append(" ".repeat(GAP));
        }
        String end = cells.get(last);
        return line.append(end).append(Columns.cutBefore(path, Math.max(1, widths[last] - Columns.of(end)))).toString();
    }
}
