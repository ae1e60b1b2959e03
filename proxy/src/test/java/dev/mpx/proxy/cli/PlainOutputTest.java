package dev.mpx.proxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Bytes of anybody's, on their way to a terminal. */
class PlainOutputTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    private String printed(byte[] bytes, int chunk) throws IOException {
        printed.reset();
        try (PlainOutput out = new PlainOutput(printed)) {
            for (int at = 0; at < bytes.length; at += chunk) {
                out.write(bytes, at, Math.min(chunk, bytes.length - at));
            }
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    @Test
    void charactersThatComeInPartsAreTheSame() throws IOException {
        byte[] bytes = "a\tü記😀\n\u202eb\u001b[2J\u009b1m\n".getBytes(StandardCharsets.UTF_8);
        for (int chunk = 1; chunk <= bytes.length; chunk++) {
            assertThat(printed(bytes, chunk)).as("%s bytes at once", chunk).isEqualTo("a\tü記😀\n\uFFFDb\uFFFD[2J\uFFFD1m\n");
        }
    }

    @Test
    void whatIsNoUtf8IsReplaced() throws IOException {
        assertThat(printed(new byte[] {'a', (byte) 0xff, 'b', (byte) 0xc3}, 2)).isEqualTo("a\uFFFDb\uFFFD");
    }
}
