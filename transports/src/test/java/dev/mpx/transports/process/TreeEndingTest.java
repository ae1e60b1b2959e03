package dev.mpx.transports.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.test.scheduler.VirtualTimeScheduler;

@Timeout(20)
class TreeEndingTest {
    private static final Duration UNTIL_KILL = Duration.ofSeconds(3);
    /** SIGTERM, 3 s, SIGKILL, 10 s: by then a guard has ended, or has said what it can't end. */
    private static final Duration GUARDS_TIME = Duration.ofSeconds(13);

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private Process guard;

    @AfterEach
    void nothingIsLeft() {
        if (guard != null) {
            guard.destroyForcibly();
        }
    }

    /** Of a guard that hears no SIGTERM, once its end is on its way. */
    private TreeEnding endOfADeafGuard(AtomicBoolean saysWedged) throws Exception {
        guard = new ProcessBuilder("/bin/sh", "-c", "trap '' TERM; echo deaf; exec sleep 600").start();
        assertThat(guard.inputReader().readLine()).isEqualTo("deaf");
        return endOf(guard, saysWedged);
    }

    private TreeEnding endOf(Process process, AtomicBoolean saysWedged) {
        TreeEnding ending = new TreeEnding(process.toHandle(), true, saysWedged::get, time);
        AtomicBoolean looked = new AtomicBoolean();
        ending.end(Duration.ZERO, UNTIL_KILL, () -> looked.set(true));
        await().untilTrue(looked);
        return ending;
    }

    /** Red when a guard is never killed: then one that hangs itself is never replaced. */
    @Test
    void aGuardThatNeitherEndsNorSaysWhyIsKilledAfterItsTime() throws Exception {
        TreeEnding ending = endOfADeafGuard(new AtomicBoolean());

        time.advanceTimeBy(GUARDS_TIME);
        await("it keeps its time").during(Duration.ofMillis(300)).until(guard::isAlive);
        assertThat(ending.isOver()).isFalse();

        time.advanceTimeBy(Duration.ofSeconds(1));
        await().until(() -> !guard.isAlive());
        assertThat(guard.exitValue()).isEqualTo(128 + 9);
        assertThat(ending.isOver()).isTrue();
    }

    /** Red when what the guard says does not count: its locks would be held by what hangs alone. */
    @Test
    void aGuardThatSaysWhatHangsIsLeftInItsPlace() throws Exception {
        AtomicBoolean saysWedged = new AtomicBoolean();
        endOfADeafGuard(saysWedged);
        saysWedged.set(true);

        time.advanceTimeBy(Duration.ofMinutes(10));

        await().during(Duration.ofMillis(300)).until(guard::isAlive);
    }

    /** Red when it is left stopped: it would neither end its tree nor say why, and be killed for that 13 s later. */
    @Test
    void aGuardThatWasStoppedIsWokenToDoItsWork() throws Exception {
        guard = new ProcessBuilder("/bin/sleep", "600").start();
        new ProcessBuilder("kill", "-STOP", Long.toString(guard.pid())).start().waitFor();
        Path stat = Path.of("/proc", Long.toString(guard.pid()), "stat");
        await().until(() -> Files.readString(stat).contains(") T "));

        endOf(guard, new AtomicBoolean());

        await().until(() -> !guard.isAlive());
        assertThat(guard.exitValue()).isEqualTo(128 + 15);
    }

    /** Red when it is believed after a while that nothing lives any more. */
    @Test
    void aTreeIsNotGoneWhileOneOfItLivesHoweverLongThatTakes() {
        Map<String, Object> immortal = new ConcurrentHashMap<>(Map.of("isAlive", true));
        AtomicInteger kills = new AtomicInteger();
        ProcessHandle descendant = fake(immortal, kills, null);
        ProcessHandle process = fake(new ConcurrentHashMap<>(Map.of("isAlive", false)), kills, descendant);
        TreeEnding ending = new TreeEnding(process, false, () -> false, time);
        AtomicBoolean looked = new AtomicBoolean();
        ending.end(Duration.ZERO, UNTIL_KILL, () -> looked.set(true));
        await().untilTrue(looked);

        time.advanceTimeBy(Duration.ofMinutes(10));
        await().until(() -> kills.get() == 2);
        assertThat(ending.isOver()).isFalse();
        assertThat(ending.left()).contains(descendant);

        immortal.put("isAlive", false);
        assertThat(ending.isOver()).isTrue();
    }

    /** Red when the dead are counted: where nobody reaps orphans, no tree would ever be gone. */
    @Test
    void whoIsDeadAndNotReapedIsGone() throws Exception {
        guard = new ProcessBuilder("/bin/sh", "-c", "sleep 0 & echo $!; exec sleep 600").start();
        long zombie = Long.parseLong(guard.inputReader().readLine());
        await().until(() -> ProcessHandle.of(zombie).isPresent() && !Liveness.isLiving(ProcessHandle.of(zombie).get()));
        assertThat(Liveness.isLiving(guard.toHandle())).isTrue();
    }

    /** A process as this one, but for what it is made to say. */
    private static ProcessHandle fake(Map<String, Object> says, AtomicInteger kills, ProcessHandle descendant) {
        return (ProcessHandle) Proxy.newProxyInstance(TreeEndingTest.class.getClassLoader(), new Class<?>[] {ProcessHandle.class},
                (self, method, arguments) -> switch (method.getName()) {
                    case "pid" -> ProcessHandle.current().pid();
                    case "descendants" -> descendant == null ? Stream.empty() : Stream.of(descendant);
                    case "destroyForcibly" -> kills.incrementAndGet() > 0;
                    case "destroy" -> true;
                    case "equals" -> self == arguments[0];
                    case "hashCode" -> System.identityHashCode(self);
                    default -> says.getOrDefault(method.getName(), "fake");
                });
    }
}
