package dev.mpx.proxy.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class ProcessIdentityTest {
    @TempDir
    Path directory;

    private Process process;

    @BeforeEach
    void start() throws Exception {
        process = new ProcessBuilder("/bin/sh", "-c", "sleep 0 & echo $!; exec sleep 600").start();
    }

    @AfterEach
    void end() {
        process.destroyForcibly();
    }

    /** Red when it is the time of day, which moves for a process that runs when the clock is set. */
    @Test
    void onLinuxItIsTheKernelsOwnCountSinceBoot() throws Exception {
        Path stat = Path.of("/proc", Long.toString(process.pid()), "stat");
        assumeTrue(Files.exists(stat), "there is no /proc here");
        String[] fields = Files.readString(stat).split(" ");
        assertThat(ProcessIdentity.of(process.pid())).contains(new ProcessIdentity(process.pid(), "ticks:" + fields[21]));
    }

    @Test
    void itLivesUntilItsProcessEnds() throws Exception {
        ProcessIdentity identity = ProcessIdentity.of(process.pid()).orElseThrow();
        assertThat(identity.isLiving()).isTrue();
        assertThat(identity.handle()).isPresent();
        process.destroyForcibly().waitFor();
        assertThat(identity.isLiving()).isFalse();
        assertThat(identity.handle()).isEmpty();
    }

    @Test
    void anotherWithThePidIsNotIt() {
        ProcessIdentity other = new ProcessIdentity(process.pid(), "ticks:1");
        assertThat(other.isLiving()).isFalse();
        assertThat(other.handle()).isEmpty();
    }

    @Test
    void oneThatIsDeadAndNotReapedIsGone() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/self/stat")), "there is no /proc here");
        long zombie = Long.parseLong(process.inputReader().readLine());
        await().until(() -> ProcessIdentity.of(zombie).isEmpty());
    }

    @Test
    void theGuardThatALockFileNamesIsFoundIfThatOneLives() throws Exception {
        Path lock = directory.resolve("child.lock");
        String ticks = ProcessIdentity.of(process.pid()).orElseThrow().start().replace("ticks:", "");
        String record = "pid=" + process.pid() + " start=" + ticks + " boot=" + BootId.current() + " state=running   \n";
        assertThat(ChildLock.livingGuard(lock)).isEmpty();
        Files.writeString(lock, record);
        assertThat(ChildLock.livingGuard(lock)).map(ProcessIdentity::pid).contains(process.pid());
        for (String stale : new String[] {record.replace("running", "ended"), record.replace(ticks, "1"), record.replace("boot=", "boot=x"), ""}) {
            Files.writeString(lock, stale);
            assertThat(ChildLock.livingGuard(lock)).as(stale).isEmpty();
        }
    }

    @Test
    void aGuardHasEndedIfItSaysSoItself() throws Exception {
        Path lock = directory.resolve("child.lock");
        assertThat(ChildLock.ended(lock)).isEmpty();
        Files.writeString(lock, "pid=7 start=1 boot=b state=ended   \n");
        assertThat(ChildLock.ended(lock)).contains("pid=7 start=1 boot=b state=ended");
        for (String other : new String[] {"pid=7 start=1 boot=b state=running   \n", "pid=7 start=1 boot=b state=ending   \n", ""}) {
            Files.writeString(lock, other);
            assertThat(ChildLock.ended(lock)).as(other).isEmpty();
        }
    }
}
