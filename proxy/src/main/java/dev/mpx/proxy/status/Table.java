package dev.mpx.proxy.status;

import java.util.ArrayList;
import java.util.List;

/** Rows of cells below each other; every column is as wide as what stands in it, up to its bound, and the last gets what is left. */
final class Table {
    private static final int GAP = 2;

    /** How a column is set. @param most columns; what is longer is cut */
    record Column(String title, int most, boolean isNumber) {}

    private final List<Column> columns;
    private final List<List<String>> rows = new ArrayList<>();
    private final List<Style> styles = new ArrayList<>();

    Table(Column... columns) {
        this.columns = List.of(columns);
    }

    void row(Style style, String... cells) {
        rows.add(List.of(cells).stream().map(Plain::of).toList());
        styles.add(style);
    }

    /** @param isPath whether the last cells are paths, of which the end says most */
    void writeTo(Page page, Line title, int indent, boolean isPath) {
        int[] widths = widths();
        int last = columns.size() - 1;
        int left = indent;
        for (int i = 0; i < last; i++) {
            left += widths[i] + GAP;
        }
        widths[last] = Math.max(0, page.layout().width() - left);
        title.add(Style.FAINT, line(columns.stream().map(Column::title).toList(), widths, false));
        page.add(title);
        for (int i = 0; i < rows.size(); i++) {
            page.add(new Line().add(Columns.spaces(indent)).add(styles.get(i), line(rows.get(i), widths, isPath)));
        }
    }

    /** Without a title: what stands in the first line belongs to a label, too. */
    void writeTo(Page page, int indent) {
        int[] widths = widths();
        widths[columns.size() - 1] = Math.max(0, page.layout().width() - indent);
        for (int i = 0; i < rows.size(); i++) {
            page.add(new Line().add(Columns.spaces(indent)).add(styles.get(i), line(rows.get(i), widths, false)));
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

    private String line(List<String> cells, int[] widths, boolean isPath) {
        StringBuilder line = new StringBuilder();
        int last = cells.size() - 1;
        for (int i = 0; i < last; i++) {
            String cell = Columns.cut(cells.get(i), widths[i]);
            line.append(columns.get(i).isNumber ? Columns.right(cell, widths[i]) : Columns.left(cell, widths[i])).append(" ".repeat(GAP));
        }
        return line.append(isPath ? Columns.cutBefore(cells.get(last), widths[last]) : cells.get(last)).toString();
    }
}
