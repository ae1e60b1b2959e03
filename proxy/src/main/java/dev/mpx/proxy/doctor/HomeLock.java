package dev.mpx.proxy.doctor;

import dev.mpx.proxy.home.Home;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** The lock that a daemon holds for its whole life: who has it knows that none lives. Stateless. */
final class HomeLock {
    private HomeLock() {}

    /** Whether somebody holds it. It is taken for an instant to find out, which a daemon that just starts waits for. */
    static boolean isHeld(Home home) {
        try {
            return Files.exists(home.brokerLock()) && with(home.brokerLock(), () -> "").isEmpty();
        } catch (IOException unknown) {
            return false;
        }
    }

    /** Does that while no daemon can start. @throws IOException if one lives, or is about to */
    static String without(Home home, Fix.Step step) throws IOException {
        return with(home.brokerLock(), step).orElseThrow(() -> new IOException("a daemon has been started meanwhile"));
    }

    /** Does that with the file locked; empty if somebody else has it. A file that is missing is nobody's. */
    static Optional<String> with(Path file, Fix.Step step) throws IOException {
        if (!Files.exists(file)) {
            return Optional.of(step.take());
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE); FileLock lock = channel.tryLock()) {
            return lock == null ? Optional.empty() : Optional.of(step.take());
        } catch (OverlappingFileLockException another) { // another check of this very process looks at it
            return Optional.empty();
        }
    }
}
