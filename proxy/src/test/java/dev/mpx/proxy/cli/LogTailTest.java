package dev.mpx.proxy.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The end of a log, and what is added to it. */
@Timeout(30)
class LogTailTest {
    @TempDir
    private Path directory;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    private Path log() {
        return directory.resolve("mpx.log");
    }

    private LogTail tail() {
        return new LogTail(log(), new PrintStream(printed, true, StandardCharsets.UTF_8));
    }

    private String printed() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    private void add(String lines) throws IOException {
        Files.writeString(log(), lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    @Test
    void theLastLinesArePrintedFromOlderFilesToo() throws IOException {
        Files.writeString(directory.resolve("mpx.log.2"), "1\n2\n");
        Files.writeString(directory.resolve("mpx.log.1"), "3\n4\n");
        add("5\n6\n");
        try (LogTail tail = tail()) {
            assertThat(tail.print(5)).isTrue();
        }
        assertThat(printed()).isEqualTo("2\n3\n4\n5\n6\n");
    }

    @Test
    void noneOfThemMayBeAskedFor() throws IOException {
        add("5\n6\n");
        try (LogTail tail = tail()) {
            assertThat(tail.print(0)).isTrue();
        }
        assertThat(printed()).isEmpty();
    }

    @Test
    void whereThereIsNoFileThereIsNothing() throws IOException {
        try (LogTail tail = tail()) {
            assertThat(tail.print(10)).isFalse();
        }
    }

    @Test
    void whatIsAddedIsPrintedOnceAcrossARotation() throws Exception {
        add("1\n");
        LogTail tail = tail();
        tail.print(10);
        Thread follower = follow(tail);
        try {
            add("2\n");
            await().atMost(Duration.ofSeconds(10)).until(() -> printed().endsWith("2\n"));
            add("3\n");
            Files.move(log(), directory.resolve("mpx.log.1"));
            add("4\n");
            await().atMost(Duration.ofSeconds(10)).until(() -> printed().endsWith("4\n"));
            add("5\n");
            await().atMost(Duration.ofSeconds(10)).until(() -> printed().endsWith("5\n"));
        } finally {
            follower.interrupt();
        }
        assertThat(printed()).isEqualTo("1\n2\n3\n4\n5\n");
    }

    @Test
    void aLogThatIsNotThereYetIsWaitedFor() throws Exception {
        LogTail tail = tail();
        tail.print(10);
        Thread follower = follow(tail);
        try {
            add("first\n");
            await().atMost(Duration.ofSeconds(10)).until(() -> printed().equals("first\n"));
        } finally {
            follower.interrupt();
        }
    }

    private static Thread follow(LogTail tail) {
        Thread follower = new Thread(() -> {
            try (tail) {
                tail.follow();
            } catch (IOException | InterruptedException over) {
                // the test has seen enough
            }
        });
        follower.start();
        return follower;
    }
}
