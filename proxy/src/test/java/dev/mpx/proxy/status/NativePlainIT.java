package dev.mpx.proxy.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.framing.JsonValue;
import dev.mpx.proxy.shim.ShimProgram;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a terminal is shown has one set of rules, whether Java prints it or the native program. */
class NativePlainIT {
    private static final int AT_ONCE = 8192;

    private static String natively(String text) throws IOException, InterruptedException {
        ShimProgram.NATIVE.assumePresent();
        Process process = new ProcessBuilder(List.of(ShimProgram.LAUNCHER.toString(), "where", "--plain", text))
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        process.getOutputStream().close();
        byte[] line = process.getInputStream().readAllBytes();
        assertThat(process.waitFor()).isZero();
        return JsonValue.parse(line).orElseThrow().get("plain").orElseThrow().text().orElseThrow();
    }

    /** All but those that Unicode has not assigned, by this Java. Red when one of plain.c's ranges is changed. */
    @Test
    void bothShowEveryCharacterAlike() throws Exception {
        int[] all = IntStream.rangeClosed(1, Character.MAX_CODE_POINT)
                .filter(character -> character != '\n' && Character.isDefined(character))
                .filter(character -> character < Character.MIN_SURROGATE || character > Character.MAX_SURROGATE)
                .toArray();
        for (int from = 0; from < all.length; from += AT_ONCE) {
            String text = new String(all, from, Math.min(AT_ONCE, all.length - from));
            assertThat(natively(text)).as("from U+%04X", all[from]).isEqualTo(Plain.of(text));
        }
    }
}
