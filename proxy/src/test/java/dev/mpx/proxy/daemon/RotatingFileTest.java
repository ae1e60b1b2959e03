package dev.mpx.proxy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log has a bound, and its newest file always the same name. */
class RotatingFileTest {
    @TempDir
    private Path directory;

    private RotatingFile open(long most, int files) throws IOException {
        return new RotatingFile(directory.resolve("mpx.log"), most, files, new Formatter() {
            @Override
            public String format(LogRecord event) {
                return event.getMessage() + "\n";
            }
        });
    }

    private static void write(RotatingFile log, int from, int to) {
        for (int i = from; i <= to; i++) {
            log.publish(new LogRecord(Level.INFO, "line " + i));
        }
    }

    private List<String> lines(String name) throws IOException {
        return Files.readAllLines(directory.resolve(name));
    }

    @Test
    void aFullFileIsRenamedAndTheOldestDropped() throws IOException {
        try (var log = closing(open(14, 3))) {
            write(log.handler(), 1, 8); // two lines of 7 bytes to a file
        }
        assertThat(lines("mpx.log")).containsExactly("line 7", "line 8");
        assertThat(lines("mpx.log.1")).containsExactly("line 5", "line 6");
        assertThat(lines("mpx.log.2")).containsExactly("line 3", "line 4");
        assertThat(directory.resolve("mpx.log.3")).doesNotExist();
    }

    @Test
    void whoeverOpensItNextGoesOnWhereItEnded() throws IOException {
        try (var log = closing(open(14, 3))) {
            write(log.handler(), 1, 1);
        }
        try (var log = closing(open(14, 3))) {
            write(log.handler(), 2, 3);
        }
        assertThat(lines("mpx.log.1")).containsExactly("line 1", "line 2");
        assertThat(lines("mpx.log")).containsExactly("line 3");
    }

    @Test
    void aLineLongerThanAFileHasOneOfItsOwn() throws IOException {
        try (var log = closing(open(3, 2))) {
            write(log.handler(), 1, 2);
        }
        assertThat(lines("mpx.log.1")).containsExactly("line 1");
        assertThat(lines("mpx.log")).containsExactly("line 2");
    }

    @Test
    void allItsFilesAreForThisUserAlone() throws IOException {
        Files.writeString(directory.resolve("mpx.log.7"), "of an older mpx\n");
        Files.setPosixFilePermissions(directory.resolve("mpx.log.7"), PosixFilePermissions.fromString("rw-r--r--"));
        try (var log = closing(open(7, 3))) {
            write(log.handler(), 1, 3);
        }
        try (var files = Files.list(directory)) {
            assertThat(files.toList()).hasSize(4).allSatisfy(file ->
                    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------"));
        }
    }

    @Test
    void anEventIsOneLineWhateverIsInIt() {
        LogRecord event = new LogRecord(Level.WARNING, "a client named \"x\ny\u001b[2J\r\"");
        event.setLoggerName("dev.mpx.proxy.mux.Multiplexer");
        event.setThrown(new IllegalStateException("two\nlines", new IOException("cause")));

        String line = new EventLine().format(event);

        assertThat(line).endsWith("\n").containsOnlyOnce("\n");
        assertThat(line).contains(" WARN  Multiplexer: a client named \"x\\ny\\u001b[2J\\u000d\" | ")
                .contains("IllegalStateException: two\\nlines at ").contains(" | because of ".strip()).contains("java.io.IOException: cause");
    }

    private record Closing(RotatingFile handler) implements AutoCloseable {
        @Override
        public void close() {
            handler.close();
        }
    }

    private static Closing closing(RotatingFile handler) {
        return new Closing(handler);
    }
}
