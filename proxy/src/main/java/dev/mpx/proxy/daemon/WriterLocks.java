package dev.mpx.proxy.daemon;

import dev.mpx.proxy.home.Home;
import dev.mpx.proxy.home.HomeException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The locks that stand for the right to write: {@code child.lock} in home, and one in each directory with the palace's
 * data, so that two homes which name one palace exclude each other. Under a guard, the guard takes them and the child's
 * tree inherits them; without one, the daemon holds them itself, which protects only for as long as it lives.
 */
final class WriterLocks implements AutoCloseable {
    private static final String IN_DATA = ".mpx-writer.lock";

    private final List<FileChannel> held = new ArrayList<>();

    private WriterLocks() {}

    /** The files to lock; directories that are missing are made, as the server itself would make them. */
    static List<Path> files(DaemonOptions options) throws IOException {
        List<Path> files = new ArrayList<>();
        files.add(options.home().childLock());
        for (Path directory : dataDirectories(options)) {
            files.add(directory.resolve(IN_DATA));
        }
        return files;
    }

    /** Those with the server's data, made if missing. */
    static List<Path> dataDirectories(DaemonOptions options) throws IOException {
        List<Path> directories = options.server().dataDirectories(options.environment());
        for (Path directory : directories) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        return directories;
    }

    /** Takes them all. */
    static WriterLocks take(Home home, List<Path> files) throws IOException {
        WriterLocks locks = new WriterLocks();
        for (Path file : files) {
            FileChannel channel = FileChannel.open(
                    file,
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            locks.held.add(channel);
            if (channel.tryLock() == null) {
                locks.close();
                throw new HomeException(file.equals(home.childLock())
                        ? "An earlier server of this home has not ended yet: it holds " + file + ". Your data is safe: mpx starts no"
                                + " second server beside it. What a daemon that was killed has left ends by itself within 15 s."
                        : "Another mpx daemon, with another home, serves the same data: it holds " + file + ". Your data is safe: mpx"
                                + " starts no second server beside it. Use one home for one palace; `mpx status --home DIR` tells who is"
                                + " there.");
            }
        }
        return locks;
    }

    @Override
    public void close() throws IOException {
        for (FileChannel channel : held) {
            channel.close();
        }
    }
}
