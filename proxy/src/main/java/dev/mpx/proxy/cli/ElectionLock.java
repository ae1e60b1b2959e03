package dev.mpx.proxy.cli;

import dev.mpx.proxy.home.Home;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;

/** A look at the lock that a daemon holds for its whole life. */
final class ElectionLock {
    private ElectionLock() {}

    /** Whether somebody holds it. It is taken for an instant to find out, which a daemon that just starts waits for. */
    static boolean isHeld(Home home) {
        if (!Files.exists(home.brokerLock())) {
            return false;
        }
        try (FileChannel file = FileChannel.open(home.brokerLock(), StandardOpenOption.WRITE); FileLock lock = file.tryLock()) {
            return lock == null;
        } catch (IOException unknown) {
            return false;
        }
    }
}
