package dev.mpx.proxy.status;

import java.util.ArrayList;
import java.util.List;

/** One line of pieces in their styles, whose width is that of the text alone. */
final class Line {
    private record Piece(Style style, String text) {}

    private final List<Piece> pieces = new ArrayList<>();
    private int width;

    static Line of(String text) {
        return new Line().add(text);
    }

    Line add(String text) {
        return add(Style.NONE, text);
    }

    /** @param text a {@link Plain} one */
    Line add(Style style, String text) {
        pieces.add(new Piece(style, text));
        width += Columns.of(text);
        return this;
    }

    int width() {
        return width;
    }

    String render(Layout layout) {
        StringBuilder out = new StringBuilder();
        int left = layout.width();
        boolean fits = width <= left;
        for (Piece piece : pieces) {
            int columns = Columns.of(piece.text);
            boolean isCut = !fits && columns >= left; // the ellipsis needs a place behind what fits exactly
            String text = isCut ? Columns.cut(piece.text + " ", left) : piece.text;
            out.append(layout.color() ? piece.style.paint(text) : text);
            left -= columns;
            if (isCut) {
                break;
            }
        }
        return out.toString().stripTrailing();
    }
}
