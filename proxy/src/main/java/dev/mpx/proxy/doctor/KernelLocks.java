package dev.mpx.proxy.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The locks that the kernel has given out, as {@code /proc/locks} tells (proc_locks(5)): looked at without taking any. Locks of an open
 * file
 * description (those of a guard and its tree) have no process; who has such a file open is their holder.
 */
final class KernelLocks {
    private static final Path TABLE = Path.of("/proc/locks");

    /** @param pid -1 for a lock of an open file description */
    record Held(long pid, String file) {}

    private final List<Held> all;

    private KernelLocks(List<Held> all) {
        this.all = all;
    }

    /** Empty where the system does not tell. */
    static Optional<KernelLocks> read() throws IOException {
        if (!Files.isReadable(TABLE)) {
            return Optional.empty();
        }
        List<Held> all = new ArrayList<>();
        for (String line : Files.readAllLines(TABLE)) {
            // 1: POSIX  ADVISORY  WRITE 3568 fd:00:2531452 0 EOF; one that waits has an arrow behind the number
            String[] words = line.strip().split("\\s+");
            if (words.length >= 6 && !words[1].equals("->")) {
                all.add(new Held(Long.parseLong(words[4]), words[5]));
            }
        }
        return Optional.of(new KernelLocks(all));
    }

    /** Who holds a lock on it; more than one where parts are locked, or readers share it. */
    List<Held> of(Path file) throws IOException {
        String key = key(file);
        return all.stream().filter(lock -> lock.file().equals(key)).toList();
    }

    private static String key(Path file) throws IOException {
        long device = (Long) Files.getAttribute(file, "unix:dev");
        long major = (device >>> 8 & 0xfff) | (device >>> 32 & ~0xfffL);
        long minor = (device & 0xff) | (device >>> 12 & ~0xffL);
        return String.format("%02x:%02x:%d", major, minor & 0xffffffffL, ((Number) Files.getAttribute(file, "unix:ino")).longValue());
    }
}
