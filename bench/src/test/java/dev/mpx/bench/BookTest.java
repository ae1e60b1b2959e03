package dev.mpx.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BookTest {
    private final Book book = new Book();

    @Test
    void theMedianCountsOfTheRounds() {
        for (double value : new double[] {5, 1, 9}) {
            book.add(Figure.RATE, "a", 1, value);
        }
        book.add(Figure.RATE, "a", 16, 4);
        book.add(Figure.RATE, "a", 16, 6);

        assertThat(book.median(Figure.RATE, "a", 1)).hasValue(5);
        assertThat(book.median(Figure.RATE, "a", 16)).hasValue(5);
        assertThat(book.median(Figure.RATE, "b", 1)).isEmpty();
        assertThat(book.places(Figure.RATE)).containsExactly(1L, 16L);
    }

    @Test
    void whatAPeerCannotDoBreaksNoBenchmark() {
        book.addFault(new Book.Fault("peer", "large results", "closed", false));
        assertThat(book.isBroken()).isFalse();

        book.addFault(new Book.Fault("mpx", "one session", "a wrong answer", true));
        assertThat(book.isBroken()).isTrue();
    }
}
