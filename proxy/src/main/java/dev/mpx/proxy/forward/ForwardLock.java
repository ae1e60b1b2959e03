package dev.mpx.proxy.forward;

import dev.mpx.proxy.home.ForwardHome;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/** The right to keep a forward up: one process has it, for as long as it lives. */
final class ForwardLock implements AutoCloseable {
    private final FileChannel file;

    private ForwardLock(FileChannel file) {
        this.file = file;
    }

    /** Empty if somebody else has it. */
    static Optional<ForwardLock> take(ForwardHome home) throws IOException {
        FileChannel file = FileChannel.open(home.lock(), Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        FileLock lock = file.tryLock();
        if (lock == null) {
            file.close();
            return Optional.empty();
        }
        return Optional.of(new ForwardLock(file));
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
