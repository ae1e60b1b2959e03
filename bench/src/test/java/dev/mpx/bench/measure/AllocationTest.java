package dev.mpx.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AllocationTest {
    @Test
    void whatJcmdSaysOfEachThreadIsAddedUp() {
        String threads = "\"main\" #1 prio=5 cpu=1.2ms elapsed=3s allocated=512B defined_classes=1\n"
                + "\"loop\" #2 cpu=1ms allocated=20K x\n\"writer\" #3 allocated=3M\n\"VM Thread\" cpu=9ms\n";

        assertThat(Allocation.sum(threads)).isEqualTo(512 + 20 * 1024 + 3 * 1024 * 1024);
    }

    @Test
    void aJvmTellsWhatItHasAllocated() {
        assertThat(Allocation.of(ProcessHandle.current().pid())).isGreaterThan(100_000);
    }
}
