package dev.mpx.proxy.shim;

import dev.mpx.proxy.home.Home;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** The right to start a daemon for a home, or the lack of it: of many shims at once, one has it. Gone with its process. */
public final class StartLock implements Closeable {
    private final FileChannel file;
    private final FileLock lock;

    private StartLock(FileChannel file, FileLock lock) {
        this.file = file;
        this.lock = lock;
    }

    /** Never waits; whether it worked says {@link #isHeld}. */
    public static StartLock tryAcquire(Home home) throws IOException {
        FileChannel file = FileChannel.open(
                home.startLock(),
                Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            return new StartLock(file, file.tryLock());
        } catch (OverlappingFileLockException heldHere) {
            return new StartLock(file, null);
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    public boolean isHeld() {
        return lock != null;
    }

    @Override
    public void close() throws IOException {
        // Closing releases it; the file stays, since unlinking would let two hold "the" lock.
        file.close();
    }
}
