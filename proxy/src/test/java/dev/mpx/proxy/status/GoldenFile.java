package dev.mpx.proxy.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What was printed once and found good. With {@code -Dmpx.golden=write} it is written anew instead of compared: look at the difference. */
public final class GoldenFile {
    private static final Path DIRECTORY = Path.of("src/test/resources/golden/status");

    private GoldenFile() {}

    public static void check(String name, String text) throws IOException {
        Path file = DIRECTORY.resolve(name);
        if ("write".equals(System.getProperty("mpx.golden"))) {
            Files.createDirectories(DIRECTORY);
            Files.writeString(file, text);
        }
        assertThat(text).as("%s; to accept it: -Dmpx.golden=write", file).isEqualTo(Files.readString(file));
    }
}
