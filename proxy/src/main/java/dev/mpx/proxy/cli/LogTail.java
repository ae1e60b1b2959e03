package dev.mpx.proxy.cli;

import java.io.Closeable;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The end of a log that is written and rotated meanwhile: what is open stays the file it was when it is renamed, so it is read
 * to its end before the new one is begun. Not thread-safe.
 */
final class LogTail implements Closeable {
    private static final Duration LOOK = Duration.ofMillis(200);
    /** Older files of one log (see the daemon's {@code RotatingFile}). */
    private static final int OLDER = 9;

    private final Path file;
    private final PrintStream out;
    private final ByteBuffer chunk = ByteBuffer.allocate(1 << 16);
    private Optional<FileChannel> open = Optional.empty();
    private Object key = "";

    LogTail(Path file, PrintStream out) {
        this.file = file;
        this.out = out;
    }

    /** Prints the last lines, from older files too where the newest has fewer. @return whether there is any file */
    boolean print(int lines) throws IOException {
        openNewest();
        List<byte[]> parts = new ArrayList<>();
        int missing = lines;
        if (open.isPresent()) {
            byte[] newest = readToEnd(open.get());
            missing -= keep(newest, missing, parts);
        }
        for (int age = 1; age <= OLDER && missing > 0; age++) {
            Path older = file.resolveSibling(file.getFileName() + "." + age);
            if (!Files.exists(older)) {
                break;
            }
            missing -= keep(Files.readAllBytes(older), missing, parts);
        }
        for (int i = parts.size() - 1; i >= 0; i--) {
            out.write(parts.get(i));
        }
        out.flush();
        return open.isPresent() || !parts.isEmpty();
    }

    /** Keeps as many lines of the end. @return how many those are */
    private static int keep(byte[] text, int most, List<byte[]> parts) {
        int lines = 0;
        int from = text.length;
        while (from > 0 && lines < most) {
            from--;
            while (from > 0 && text[from - 1] != '\n') {
                from--;
            }
            lines++;
        }
        parts.add(java.util.Arrays.copyOfRange(text, from, text.length));
        return lines;
    }

    private void openNewest() throws IOException {
        try {
            FileChannel newest;
            Object named;
            // it may be renamed between two looks
            do {
                close();
                named = keyOf(file);
                newest = FileChannel.open(file);
                open = Optional.of(newest);
            } while (!Objects.equals(named, keyOf(file)));
            key = named;
        } catch (NoSuchFileException notYet) {
            close();
        }
    }

    /** What a file is, whatever its name. */
    private static Object keyOf(Path file) throws IOException {
        return Objects.requireNonNullElse(Files.readAttributes(file, BasicFileAttributes.class).fileKey(), "");
    }

    private static byte[] readToEnd(FileChannel channel) throws IOException {
        ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(channel.size()));
        while (all.hasRemaining() && channel.read(all) >= 0) {
            // more
        }
        return java.util.Arrays.copyOf(all.array(), all.position());
    }

    /** Prints what is written from now on, until nobody reads it any more. */
    void follow() throws IOException, InterruptedException {
        while (!out.checkError()) {
            boolean isReplaced = isReplaced();
            printNew();
            if (isReplaced) {
                close();
                openNewest();
                printNew();
            }
            Thread.sleep(LOOK.toMillis());
        }
    }

    private boolean isReplaced() throws IOException {
        try {
            return open.isEmpty() || !Objects.equals(keyOf(file), key);
        } catch (NoSuchFileException between) {
            return false; // two steps of a rotation
        }
    }

    private void printNew() throws IOException {
        if (open.isEmpty()) {
            return;
        }
        while (open.get().read(chunk.clear()) > 0) {
            out.write(chunk.array(), 0, chunk.position());
        }
        out.flush();
    }

    @Override
    public void close() throws IOException {
        if (open.isPresent()) {
            open.get().close();
            open = Optional.empty();
        }
    }
}
