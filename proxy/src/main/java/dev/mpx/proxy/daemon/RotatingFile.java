package dev.mpx.proxy.daemon;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.logging.ErrorManager;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;

/**
 * A log of bounded size: what is written goes to {@code NAME}; a full one becomes {@code NAME.1}, that {@code NAME.2}, and so
 * on, and the oldest is dropped. For this user alone. Whoever writes one must be the only one; readers need no lock, since a
 * file that is renamed stays the file it was.
 */
final class RotatingFile extends Handler {
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rw-------");

    private final Path file;
    private final long most;
    private final int files;
    private OutputStream out;
    private long written;

    /**
     * @param most bytes in one file; a longer line has one of its own
     * @param files in all
     */
    RotatingFile(Path file, long most, int files, Formatter formatter) throws IOException {
        this.file = file;
        this.most = most;
        this.files = files;
        setFormatter(formatter);
        makePrivate();
        open();
    }

    private void open() throws IOException {
        FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                PosixFilePermissions.asFileAttribute(PRIVATE));
        out = Channels.newOutputStream(channel);
        written = channel.size();
    }

    /** Those that are there already may be of an mpx, or an umask, that was less careful. */
    private void makePrivate() throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(file.getParent(), file.getFileName() + "*")) {
            for (Path one : all) {
                Files.setPosixFilePermissions(one, PRIVATE);
            }
        }
    }

    @Override
    public synchronized void publish(LogRecord event) {
        if (out == null || !isLoggable(event)) {
            return;
        }
        byte[] line = getFormatter().format(event).getBytes(StandardCharsets.UTF_8);
        try {
            if (written > 0 && written + line.length > most) {
                rotate();
            }
            out.write(line);
            written += line.length;
        } catch (IOException e) {
            reportError("the log " + file + " can't be written", e, ErrorManager.WRITE_FAILURE);
        }
    }

    private void rotate() throws IOException {
        out.close();
        for (int i = files - 1; i > 0; i--) {
            Path newer = older(i - 1);
            if (Files.exists(newer)) {
                Files.move(newer, older(i), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            }
        }
        open();
    }

    private Path older(int age) {
        return age == 0 ? file : file.resolveSibling(file.getFileName() + "." + age);
    }

    @Override
    public void flush() {
        // nothing is held back
    }

    @Override
    public synchronized void close() {
        if (out != null) {
            try {
                out.close();
            } catch (IOException e) {
                reportError("the log " + file + " can't be closed", e, ErrorManager.CLOSE_FAILURE);
            }
            out = null;
        }
    }
}
