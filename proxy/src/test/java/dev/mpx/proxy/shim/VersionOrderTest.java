package dev.mpx.proxy.shim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VersionOrderTest {
    @ParameterizedTest
    @CsvSource({"0.2.0, 0.1.0", "0.10, 0.9.9", "1, 0.9", "1.0.1, 1", "2.0, 1.99.99"})
    void numbersCountOneByOneFromTheLeft(String newer, String older) {
        assertThat(VersionOrder.isNewer(newer, older)).isTrue();
        assertThat(VersionOrder.isNewer(older, newer)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"0.1.0, 0.1.0", "1, 1.0", "dev, 0.1", "0.1, dev", "1.0-rc1, 0.9", "0.9, ''", "1., 0.1", "1..2, 0.1"})
    void equalOnesAndThoseThatAreNoNumbersNeverReplaceAnother(String one, String other) {
        assertThat(VersionOrder.isNewer(one, other)).isFalse();
    }
}
