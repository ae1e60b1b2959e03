package dev.mpx.proxy.shim;

import dev.mpx.proxy.home.Environment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A daemon that was just started, in a session of its own and no longer a child of this process: agents end their
 * servers by signalling every descendant, or the process group.
 */
final class DaemonStarter {
    private static final long LARGEST_LOG = 1 << 20;
    private static final int TAIL = 2048;
    private static final long SPAWN_SECONDS = 10;

    /**
     * Prints the daemon's pid and returns once it is on its own. A shell's {@code &} is the last choice: it leaves the
     * daemon, and the server under it, with SIGINT ignored for good. Where there is neither setsid(1) nor Perl nor Python,
     * the daemon stays in the agent's session and group.
     *
     * <p>The outer shell passes the pid on and so ends after it was said: Java forgets what a process's pipe brings
     * after that process has ended, if nobody was reading by then.
     */
    private static final String DETACH = String.join("\n",
            "pid=$(",
            "log=$1; shift",
            "run='echo $$ >&3; exec 3>&-; exec \"$@\"'",
            "exec 3>&1 </dev/null >>\"$log\" 2>&1",
            "if setsid -f true 2>/dev/null; then",
            "  exec setsid -f /bin/sh -c \"$run\" mpx \"$@\"",
            "elif command -v perl >/dev/null; then",
            "  exec perl -MPOSIX -e '$^F = 9; exit 0 if fork; POSIX::setsid(); exec @ARGV' /bin/sh -c \"$run\" mpx \"$@\"",
            "elif command -v python3 >/dev/null; then",
            "  exec python3 -c 'import os, sys",
            "if os.fork(): os._exit(0)",
            "os.setsid()",
            "os.execvp(sys.argv[1], sys.argv[1:])' /bin/sh -c \"$run\" mpx \"$@\"",
            "else",
            "  nohup /bin/sh -c \"$run\" mpx \"$@\" &",
            "fi",
            ") && echo \"$pid\"");

    private final Path log;
    private final long logStart;
    private final long pid;

    private DaemonStarter(Path log, long logStart, long pid) {
        this.log = log;
        this.logStart = logStart;
        this.pid = pid;
    }

    /** Starts {@code mpx serve} for the target; the caller holds the home's {@link StartLock}. */
    static DaemonStarter start(Target target) throws NoDaemonException {
        String launcher = System.getProperty("mpx.launcher");
        if (launcher == null) {
            throw NoDaemonException.failed("mpx does not know its own launcher: start it as \"mpx\".");
        }
        Path log = target.home().daemonLog();
        try {
            long logStart = openLog(log);
            return new DaemonStarter(log, logStart, spawn(target, launcher, log));
        } catch (IOException e) {
            throw NoDaemonException.failed(
                    "mpx could not start its daemon: " + e.getMessage() + ". Its log is " + log + ".");
        }
    }

    /** Empties a log that has grown too large. @return where the new daemon's part will begin */
    private static long openLog(Path log) throws IOException {
        try (FileChannel file = FileChannel.open(
                log,
                Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            if (file.size() > LARGEST_LOG) {
                file.truncate(0);
            }
            return file.size();
        }
    }

    private static long spawn(Target target, String launcher, Path log) throws IOException {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", DETACH, "mpx", log.toString()));
        command.add(launcher);
        command.addAll(words(target));
        // ProcessBuilder closes every descriptor above 2 in the child, the agent's among them.
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(target.home().directory().toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        makeAbsolute(builder.environment(), target.environment());
        // the mark of a guard, by which it ends what is left of its tree: this daemon is not part of any
        builder.environment().remove("MPX_GUARDED");
        Process shell = builder.start();
        shell.getOutputStream().close();
        try {
            String pid = new String(shell.getInputStream().readNBytes(32), StandardCharsets.US_ASCII).strip();
            if (!shell.waitFor(SPAWN_SECONDS, TimeUnit.SECONDS) || pid.isEmpty()) {
                throw new IOException("the shell that starts it failed");
            }
            return Long.parseLong(pid);
        } catch (InterruptedException | NumberFormatException e) {
            throw new IOException("the shell that starts it failed", e);
        } finally {
            shell.destroy();
        }
    }

    /** What is behind {@code mpx} on the command line of the daemon, or the relay, that serves the target. */
    static List<String> words(Target target) {
        List<String> words = new ArrayList<>(List.of("serve", "--home", target.home().directory().toString()));
        if (target.relayed().isPresent()) {
            words.addAll(List.of("--relay", target.relayed().get().toString()));
            return words;
        }
        if (target.server().palace().isPresent()) {
            words.addAll(List.of("--palace-dir", target.server().palace().get().path().toString()));
        }
        words.add("--");
        words.addAll(target.server().argv());
        return words;
    }

    /** A palace named relative to the agent's directory must mean the same in the daemon's. */
    private static void makeAbsolute(Map<String, String> variables, Environment environment) {
        for (String name : List.of("MEMPALACE_PALACE_PATH", "MEMPALACE_PALACE", "MEMPAL_PALACE_PATH", "MEMPALACE_CONFIG_DIR")) {
            String value = variables.get(name);
            if (value != null && !value.isBlank() && !value.startsWith("/") && !value.startsWith("~")) {
                variables.put(name, environment.absolute(value).normalize().toString());
            }
        }
    }

    long pid() {
        return pid;
    }

    boolean isAlive() {
        return ProcessStat.isAlive(pid);
    }

    /** The last lines that this daemon wrote to its log. */
    List<String> logTail() {
        try (FileChannel file = FileChannel.open(log, StandardOpenOption.READ)) {
            long from = Math.max(logStart, file.size() - TAIL);
            ByteBuffer bytes = ByteBuffer.allocate(TAIL);
            file.read(bytes, Math.min(from, file.size()));
            String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8).strip();
            return text.isEmpty() ? List.of() : List.of(text.split("\n"));
        } catch (IOException unreadable) {
            return List.of();
        }
    }
}
