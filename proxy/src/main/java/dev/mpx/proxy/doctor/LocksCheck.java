package dev.mpx.proxy.doctor;

import dev.mpx.proxy.home.Bearings;
import dev.mpx.proxy.home.BootId;
import dev.mpx.proxy.home.Home;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The locks that stand for the right to write, mpx's and MemPalace's: who holds them, and whether that is one of mpx. None is taken, and
 * none that is held is ever touched.
 */
final class LocksCheck implements Check {
    private static final Pattern RECORD = Pattern.compile("pid=(\\d+) start=\\d+ boot=(\\S+) state=(running|ending)\\s*");

    @Override
    public String name() {
        return "locks";
    }

    @Override
    public List<Finding> look(Patient patient) throws IOException {
        List<Path> ours = new ArrayList<>(List.of(patient.home().childLock()));
        patient.dataDirectories().forEach(directory -> ours.add(directory.resolve(".mpx-writer.lock")));
        List<Path> files = ours.stream().filter(Files::isRegularFile).toList();
        Optional<Path> palaces = palaceLock(patient).filter(Files::isRegularFile);
        Optional<KernelLocks> locks = KernelLocks.read();
        if (locks.isEmpty()) {
            return List.of(Finding.ok("not to be seen on this system; \"mpx status\" tells of a server that is kept out"));
        }
        List<Finding> findings = new ArrayList<>();
        Map<Long, List<Path>> open = files.isEmpty() && palaces.isEmpty() ? Map.of() : Processes.open();
        boolean isHeld = false;
        for (Path file : files) {
            List<Long> holders = holders(locks.get(), open, file);
            isHeld |= !holders.isEmpty();
            lookAtOurs(patient, file, holders, !locks.get().of(file).isEmpty(), findings);
        }
        if (palaces.isPresent()) {
            for (long holder : holders(locks.get(), open, palaces.get())) {
                if (!Processes.isOfMpx(holder)) {
                    findings.add(Finding.fault("MemPalace's own lock on this palace is held by " + Processes.describe(holder)
                            + stopped(holder),
                            "The server behind mpx can't write while it lives: calls fail with \"held by another writer\".",
                            "wait for it, or end it: kill " + holder));
                }
            }
        }
        if (findings.stream().noneMatch(finding -> finding.severity() == Severity.FAULT)) {
            findings.add(0, Finding.ok(isHeld ? "held by mpx's server or a job of mpx" : "held by nobody"));
        }
        return findings;
    }

    /** MemPalace's lock for the whole palace: named by the first 64 bits of the SHA-256 of its real path (its palace_lock.py). */
    private static Optional<Path> palaceLock(Patient patient) {
        return patient.palace().map(palace -> {
            try {
                byte[] hash = java.security.MessageDigest.getInstance("SHA-256")
                        .digest(palace.path().toString().getBytes(StandardCharsets.UTF_8));
                String key = java.util.HexFormat.of().formatHex(hash, 0, 8);
                return patient.environment().userHome().resolve(".mempalace/locks/mine_palace_" + key + ".lock");
            } catch (java.security.NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static List<Long> holders(KernelLocks locks, Map<Long, List<Path>> open, Path file) throws IOException {
        Path real = file.toRealPath();
        List<Long> holders = new ArrayList<>();
        for (KernelLocks.Held lock : locks.of(file)) {
            if (lock.pid() > 0 && !holders.contains(lock.pid())) {
                holders.add(lock.pid());
            } else if (lock.pid() <= 0) {
                open.forEach((pid, files) -> {
                    if (files.contains(real) && !holders.contains(pid)) {
                        holders.add(pid);
                    }
                });
            }
        }
        return holders;
    }

    private static void lookAtOurs(Patient patient, Path file, List<Long> holders, boolean isHeld,
            List<Finding> findings) throws IOException {
        if (!isHeld) {
            record(file, findings);
            return;
        }
        if (holders.isEmpty()) {
            findings.add(Finding.fault(file + " is held by a process that can't be seen from here",
                    "Until that lets go, no server is started for this palace. It is another user's, or in another container.",
                    "run this as root, or where that process runs"));
        }
        for (long holder : holders) {
            if (!Processes.isOfMpx(holder)) {
                findings.add(Finding.warn(file + " is held by " + Processes.describe(holder) + stopped(holder)
                        + ", whom a guard has left behind",
                        "No server is started beside it; the next daemon's guard ends it first.", patient.command("ensure")));
                continue;
            }
            Optional<Path> other = anothers(patient, holder);
            if (other.isPresent()) {
                Finding found = another(file, holder, new Home(other.get()));
                boolean isTold = findings.stream().anyMatch(one -> one.cure().equals(found.cure())); // of another of its locks
                if (!isTold) {
                    findings.add(found);
                }
                return;
            }
        }
    }

    /** The home of the daemon or guard that the holder belongs to, where it is not the one that is looked at. */
    private static Optional<Path> anothers(Patient patient, long holder) {
        OptionalLong ours = Processes.ofMpx(holder);
        return (ours.isPresent() ? Processes.home(ours.getAsLong()) : Optional.<Path>empty())
                .filter(home -> !isSame(home, patient.home().directory()));
    }

    private static boolean isSame(Path one, Path other) {
        try {
            return one.equals(other) || Files.isSameFile(one, other);
        } catch (IOException gone) {
            return false;
        }
    }

    private static Finding another(Path file, long holder, Home other) {
        return Finding.fault(file + " is held by another home's server or job: " + other.directory() + ", pid " + holder,
                "A daemon with another home serves the same palace. mpx starts no second server beside it, so this home's clients get an"
                        + " error. " + Bearings.of(other) + ".",
                "mpx stop" + other.option() + "   # or give both one home: leave out --home");
    }

    private static String stopped(long pid) {
        return switch (Processes.state(pid)) {
            case 'T' -> ", which is stopped (kill -CONT " + pid + " wakes it)";
            case 'D' -> ", which hangs in the kernel";
            default -> "";
        };
    }

    /** One that says that somebody runs, while nobody has the lock. */
    private static void record(Path file, List<Finding> findings) throws IOException {
        Matcher record = RECORD.matcher(new String(Files.readAllBytes(file), StandardCharsets.US_ASCII));
        if (!record.matches()) {
            return;
        }
        String what = file + " speaks of a guard that is gone (process " + record.group(1) + ")";
        if (record.group(2).equals(BootId.current())) {
            findings.add(Finding.note(what, "It was killed. By this record the next one knows that it has to look for what was left."));
        } else {
            findings.add(Finding.note(what + ", of an earlier boot", "Nothing of it is left.")
                    .fixedBy("clear the record in " + file, () -> clear(file)));
        }
    }

    private static String clear(Path file) throws IOException {
        return HomeLock.with(file, () -> {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(0);
            }
            return "cleared the record in " + file;
        }).orElseThrow(() -> new IOException("somebody has locked it meanwhile"));
    }
}
