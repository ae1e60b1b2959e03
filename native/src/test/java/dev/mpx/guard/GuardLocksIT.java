package dev.mpx.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** Invariant 1, as far as guards that live have to do with it: of those that want one lock file, one has a child. */
@EnabledIf(value = NativeProgram.IS_BUILT, disabledReason = NativeProgram.NOT_BUILT)
class GuardLocksIT {
    @TempDir
    Path directory;

    private Path lock() {
        return directory.resolve("child.lock");
    }

    /** Red when LOCK_HELD is taken for LOCK_TAKEN, or when a living guard's children are taken for leftovers. */
    @Test
    void aSecondGuardIsRefusedAndToldWhoHasIt() throws Exception {
        try (Spawned first = Guard.locking(lock()).startTree();
                Spawned second = Guard.locking(lock()).start("/bin/echo", "second")) {
            assertThat(second.await()).isEqualTo(120);
            assertThat(second.line()).isEmpty();
            assertThat(second.stderr())
                    .startsWith("mpx-guard: held " + lock() + " by pid " + first.pid() + " since 2")
                    .contains("guard --lock")
                    .hasLineCount(1);
            assertThat(first.living()).hasSize(6);
        }
    }

    /** Red without locks_record_ending, and when the wait is over after the time in which a guard notices. */
    @Test
    void oneThatIsAboutToEndIsWaitedFor() throws Exception {
        try (Spawned first = Guard.locking(lock()).withTerm(Duration.ofSeconds(1)).startTree("--proof")) {
            first.signal("TERM");
            try (Spawned second = Guard.locking(lock()).withWait(Guard.NEVER).start("/bin/echo", "second")) {
                assertThat(second.await()).as(second.stderr()).isZero();
                assertThat(first.living()).isEmpty();
            }
        }
    }

    /** Red when any holder is waited for. */
    @Test
    void oneThatGoesOnIsNotWaitedFor() throws Exception {
        try (Spawned first = Guard.locking(lock()).startTree();
                Spawned second = Guard.locking(lock()).withWait(Guard.NEVER).start("/bin/echo", "second")) {
            assertThat(second.await()).isEqualTo(120);
            assertThat(first.living()).hasSize(6);
        }
    }

    /** Red when signals wait until the wait is over. */
    @Test
    void whoWaitsEndsWhenItIsToldTo() throws Exception {
        try (Spawned first = Guard.locking(lock()).withTerm(Guard.NEVER).startTree("--proof")) {
            first.signal("TERM");
            await().until(() -> Files.readString(lock()).contains("state=ending"));
            try (Spawned second = Guard.locking(lock()).withWait(Guard.NEVER).start("/bin/echo", "second")) {
                second.signal("TERM");
                assertThat(second.await()).isNotZero();
                assertThat(second.line()).isEmpty();
            }
            assertThat(first.isAlive()).isTrue();
        }
    }

    /** Red with a claim that is no kernel lock, such as a pid in a file. */
    @Test
    void ofManyAtOnceOneAtATimeHasAChild() throws Exception {
        String mark = directory.resolve("mark").toString();
        String child = "mkdir " + mark + " || { echo breach; exit 9; }; sleep 0.05; rmdir " + mark;
        List<Spawned> guards = new ArrayList<>();
        try {
            for (int i = 0; i < 24; i++) {
                guards.add(Guard.locking(lock()).start("/bin/sh", "-c", child));
            }
            List<Integer> statuses = new ArrayList<>();
            for (Spawned guard : guards) {
                statuses.add(guard.await());
            }
            assertThat(statuses).contains(0).containsOnly(0, 120);
        } finally {
            for (Spawned guard : guards) {
                guard.close();
            }
        }
    }

    /** Red when lock files are told apart by their names. */
    @Test
    void twoNamesOfOneLockFileAreOneLock() throws Exception {
        Files.createFile(lock());
        Path hardLink = Files.createLink(directory.resolve("other.lock"), lock());
        Path alias = Files.createSymbolicLink(directory.resolve("alias"), directory).resolve("child.lock");
        try (Spawned first = Guard.locking(lock()).startTree();
                Spawned byHardLink = Guard.locking(hardLink).start("/bin/true");
                Spawned byAlias = Guard.locking(alias).start("/bin/true")) {
            assertThat(byHardLink.await()).isEqualTo(120);
            assertThat(byAlias.await()).isEqualTo(120);
            assertThat(first.isAlive()).isTrue();
        }
    }

    /** Red without is_among: a guard would find its own lock in its way. */
    @Test
    void twoNamesOfOneLockFileInOneCommandAreOneLock() throws Exception {
        Files.createFile(lock());
        Path hardLink = Files.createLink(directory.resolve("other.lock"), lock());
        try (Spawned guard = Guard.locking(lock(), hardLink, lock()).start("/bin/true")) {
            assertThat(guard.await()).as(guard.stderr()).isZero();
        }
    }

    /** Red without O_NOFOLLOW. */
    @Test
    void aLockFileThatIsASymbolicLinkIsRefused() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("link.lock"), lock());
        try (Spawned guard = Guard.locking(link).start("/bin/true")) {
            assertThat(guard.await()).isEqualTo(125);
            assertThat(guard.stderr()).startsWith("mpx-guard: cannot lock " + link + ": it is a symbolic link");
            assertThat(lock()).doesNotExist();
        }
    }

    /** Red when a guard goes on with the locks it could get. */
    @Test
    void ofTwoLocksOneHeldIsARefusal() throws Exception {
        Path other = directory.resolve("graph.lock");
        try (Spawned first = Guard.locking(other).startTree();
                Spawned second = Guard.locking(lock(), other).start("/bin/echo", "second")) {
            assertThat(second.await()).isEqualTo(120);
            assertThat(second.stderr()).startsWith("mpx-guard: held " + other);
            assertThat(second.line()).isEmpty();
            assertThat(Probe.of(lock())).isEqualTo("claim=free tree=free");
            assertThat(first.isAlive()).isTrue();
        }
    }

    /** Red when the locks end before the tree does, or survive it. */
    @Test
    void theLocksAreHeldFromTheStartToTheEndOfTheTree() throws Exception {
        try (Spawned guard = Guard.locking(lock()).startTree()) {
            assertThat(Probe.of(lock())).isEqualTo("claim=held tree=held");
            guard.tell("exit 0");
            guard.await();
            assertThat(Probe.of(lock())).isEqualTo("claim=free tree=free");
        }
    }

    /** Red with flock(2) or with F_SETLK in another process's place: Java would not see the first. */
    @Test
    void javasFileLockAndTheGuardsSeeEachOther() throws Exception {
        try (FileChannel channel = open(lock())) {
            try (Spawned guard = Guard.locking(lock()).startTree()) {
                assertThat(channel.tryLock()).isNull();
                guard.tell("exit 0");
                guard.await();
            }
            try (FileLock held = channel.lock();
                    Spawned guard = Guard.locking(lock()).start("/bin/true")) {
                assertThat(held.isValid()).isTrue();
                assertThat(guard.await()).isEqualTo(120);
                assertThat(guard.stderr())
                        .startsWith("mpx-guard: held " + lock() + " by pid " + ProcessHandle.current().pid());
            }
        }
    }

    /** Red when the record is not written, or written before the lock is had. */
    @Test
    void theLockFileTellsWhichGuardHasIt() throws Exception {
        String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
        try (Spawned guard = Guard.locking(lock()).startTree()) {
            assertThat(Files.readString(lock()).strip())
                    .isEqualTo("pid=%d start=%d boot=%s state=running"
                            .formatted(guard.pid(), Pids.startTicks(guard.pid()), boot));
            guard.tell("exit 0");
            guard.await();
            assertThat(Files.readString(lock()).strip()).endsWith("state=ended");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(lock()))).isEqualTo("rw-------");
        }
    }

    /** Somebody else's lock is never broken, of whatever kind it is. Red when any holder is taken for a leftover. */
    @Test
    void aLockThatIsNoGuardsIsRespected() throws Exception {
        Files.createFile(lock());
        try (Spawned stranger = Spawned.start(NativeProgram.fixture("probe").toString(), "--lock", lock().toString())
                        .awaitReady();
                Spawned guard = Guard.locking(lock()).start("/bin/true")) {
            assertThat(guard.await()).isEqualTo(120);
            assertThat(guard.stderr()).startsWith("mpx-guard: held " + lock() + " by pid " + stranger.pid());
            assertThat(stranger.isAlive()).isTrue();
        }
    }

    /** Red without wake_if_stopped: a stopped guard whose daemon is gone would hold its lock for ever. */
    @Test
    void aStoppedGuardIsWokenByTheNextThatWantsItsLock() throws Exception {
        try (Spawned first = Guard.locking(lock()).startTree()) {
            first.signal("STOP");
            await().until(() -> Pids.state(first.pid()) == 'T');
            try (Spawned second = Guard.locking(lock()).start("/bin/true")) {
                assertThat(second.await()).isEqualTo(120);
            }
            await().atMost(Duration.ofSeconds(2)).until(() -> Pids.state(first.pid()) != 'T');
            assertThat(first.living()).hasSize(6);
        }
    }

    private static FileChannel open(Path path) throws IOException {
        return FileChannel.open(
                path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }
}
