package dev.mpx.proxy.shim;

import java.io.IOException;
import dev.mpx.proxy.status.Plain;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A process of mpx that was just started, in a session of its own and no longer a child of this one: agents end their
 * servers by signalling every descendant, or the process group. What it prints goes to a log.
 */
public final class DetachedProcess {
    private static final long LARGEST_LOG = 1 << 20;
    private static final int TAIL = 2048;
    private static final long SPAWN_SECONDS = 10;

    /**
     * Prints the new process's pid and returns once it is on its own. A shell's {@code &} is the last choice: it leaves the
     * process, and what is under it, with SIGINT ignored for good. Where there is neither setsid(1) nor Perl nor Python,
     * the process stays in the agent's session and group.
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

    private DetachedProcess(Path log, long logStart, long pid) {
        this.log = log;
        this.logStart = logStart;
        this.pid = pid;
    }

    /**
     * @param command the program and its words
     * @param log made if need be, for this user alone; emptied if it has grown too large
     * @param more variables beside this process's own
     */
    public static DetachedProcess start(List<String> command, Path directory, Path log, Map<String, String> more) throws IOException {
        long logStart = open(log);
        List<String> words = new ArrayList<>(List.of("/bin/sh", "-c", DETACH, "mpx", log.toString()));
        words.addAll(command);
        // ProcessBuilder closes every descriptor above 2 in the child, the agent's among them.
        ProcessBuilder builder = new ProcessBuilder(words).directory(directory.toFile()).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(more);
        // the mark of a guard, by which it ends what is left of its tree: this process is not part of any
        builder.environment().remove("MPX_GUARDED");
        builder.environment().remove("MPX_UNIT"); // nor of a service
        Process shell = builder.start();
        shell.getOutputStream().close();
        try {
            String pid = new String(shell.getInputStream().readNBytes(32), StandardCharsets.US_ASCII).strip();
            if (!shell.waitFor(SPAWN_SECONDS, TimeUnit.SECONDS) || pid.isEmpty()) {
                throw new IOException("the shell that starts it failed");
            }
            return new DetachedProcess(log, logStart, Long.parseLong(pid));
        } catch (InterruptedException | NumberFormatException e) {
            throw new IOException("the shell that starts it failed", e);
        } finally {
            shell.destroy();
        }
    }

    /** @return where the new process's part will begin */
    private static long open(Path log) throws IOException {
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

    public long pid() {
        return pid;
    }

    public boolean isAlive() {
        return ProcessStat.isAlive(pid);
    }

    /** The last lines that it wrote to its log. */
    public List<String> logTail() {
        try (FileChannel file = FileChannel.open(log, StandardOpenOption.READ)) {
            long from = Math.max(logStart, file.size() - TAIL);
            ByteBuffer bytes = ByteBuffer.allocate(TAIL);
            file.read(bytes, Math.min(from, file.size()));
            String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8).strip();
            return text.isEmpty() ? List.of() : Stream.of(text.split("\n")).map(Plain::of).toList();
        } catch (IOException unreadable) {
            return List.of();
        }
    }
}
