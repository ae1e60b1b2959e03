package dev.mpx.proxy.whole;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A process as Linux shows it in /proc; what can't be read of it, or of one that is gone, is empty. */
public record OsProcess(long pid) {
    /** All that this user may see. */
    public static Stream<OsProcess> all() {
        return ProcessHandle.allProcesses().map(process -> new OsProcess(process.pid()));
    }

    public List<String> environment() {
        return words("environ");
    }

    public List<String> commandLine() {
        return words("cmdline");
    }

    public boolean isDaemon() {
        List<String> words = commandLine();
        return !words.isEmpty() && words.get(0).endsWith("java") && words.contains("dev.mpx.proxy.cli.Mpx")
                && words.contains("serve");
    }

    /** Neither gone nor a zombie. */
    public boolean isAlive() {
        return stat(0).filter(state -> !state.equals("Z") && !state.equals("X")).isPresent();
    }

    public long parent() {
        return Long.parseLong(stat(1).orElseThrow());
    }

    public long group() {
        return Long.parseLong(stat(2).orElseThrow());
    }

    public long session() {
        return Long.parseLong(stat(3).orElseThrow());
    }

    /** As {@code linux/sched.h} numbers them: 0 is that of any program. */
    public int schedulingPolicy() {
        return Integer.parseInt(stat(38).orElseThrow());
    }

    /** Resident memory in KiB; 0 when it is gone. */
    public long residentKiB() {
        return kiB("status", "VmRSS:");
    }

    /** The most that ever was resident, in KiB. */
    public long peakKiB() {
        return kiB("status", "VmHWM:");
    }

    /** Its fair share of resident memory in KiB: what it shares with others counts in part. */
    public long proportionalKiB() {
        return kiB("smaps_rollup", "Pss:");
    }

    /** A signal by its name, such as {@code TERM}. */
    public void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
    }

    public void kill() {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }

    /** A field of /proc/PID/stat behind the name: 0 the state, 1 the parent, 2 the group, 3 the session, 38 the policy. */
    private Optional<String> stat(int field) {
        String stat = text("stat");
        int end = stat.lastIndexOf(')');
        return end < 0 ? Optional.empty() : Optional.of(stat.substring(end + 2).split(" ")[field]);
    }

    private long kiB(String file, String name) {
        return text(file).lines().filter(line -> line.startsWith(name)).findFirst()
                .map(line -> Long.parseLong(line.replaceAll("\\D", ""))).orElse(0L);
    }

    private List<String> words(String file) {
        String text = text(file);
        return text.isEmpty() ? List.of() : List.of(text.split("\0"));
    }

    private String text(String file) {
        try {
            return new String(Files.readAllBytes(Path.of("/proc", Long.toString(pid), file)), StandardCharsets.UTF_8);
        } catch (IOException gone) {
            return "";
        }
    }
}
