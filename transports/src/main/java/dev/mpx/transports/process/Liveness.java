package dev.mpx.transports.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether a process lives: one that is dead and waits for a parent that never asks, as in many containers, does not. */
final class Liveness {
    private static final Logger LOG = LoggerFactory.getLogger(Liveness.class);

    private Liveness() {}

    static boolean isLiving(ProcessHandle process) {
        return process.isAlive() && state(process.pid()).filter(state -> state == 'Z' || state == 'X').isEmpty();
    }

    /**
     * Lets a process go on that was stopped (SIGSTOP): else it sees nothing of what it is told, SIGKILL excepted. Blocks for a moment;
     * by {@code sh}, as Java sends no such signal. Where that can't be, it stays stopped.
     */
    static void wakeIfStopped(ProcessHandle process) {
        if (!process.isAlive() || state(process.pid()).filter(state -> state == 'T').isEmpty()) {
            return;
        }
        try {
            new ProcessBuilder("/bin/sh", "-c", "kill -CONT \"$0\"", Long.toString(process.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor(5, TimeUnit.SECONDS);
        } catch (IOException noShell) {
            LOG.debug("process {} stays stopped", process.pid(), noShell);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What holds a process up, as far as the system says: {@code pid 7 (python3), which waits on rpc_wait in the kernel (state D)}. */
    static String describe(long pid) {
        String name = read(pid, "comm").orElse("?");
        return Wedged.describe(pid, state(pid).map(String::valueOf).orElse("?"), read(pid, "wchan").orElse("?"), name);
    }

    /** The letter that ps shows, where there is a /proc. */
    private static Optional<Character> state(long pid) {
        // the name stands in parentheses and may hold any character (proc_pid_stat(5))
        return read(pid, "stat").filter(stat -> stat.lastIndexOf(')') + 2 < stat.length())
                .map(stat -> stat.charAt(stat.lastIndexOf(')') + 2));
    }

    private static Optional<String> read(long pid, String file) {
        try {
            byte[] text = Files.readAllBytes(Path.of("/proc", Long.toString(pid), file));
            return Optional.of(new String(text, StandardCharsets.UTF_8).strip());
        } catch (IOException goneOrNoSuchThing) {
            return Optional.empty();
        }
    }
}
