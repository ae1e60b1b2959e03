package dev.mpx.bench.measure;

import dev.mpx.bench.BrokenBenchmark;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a JVM's threads have allocated so far, by jcmd's {@code Thread.print -e}: the JVM counts it anyway, so that the daemon
 * needs no agent. Threads that ended are not counted; the figure of each is rounded by jcmd (to 1 MiB from 10 MiB on).
 */
final class Allocation {
    private static final Pattern ALLOCATED = Pattern.compile("allocated=(\\d+)([BKMG])");

    private Allocation() {}

    /** In bytes. */
    static long of(long pid) {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        try {
            Process process = new ProcessBuilder(jcmd.toString(), Long.toString(pid), "Thread.print", "-e")
                    .redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            long sum = sum(said);
            if (process.waitFor() != 0 || sum == 0) {
                throw new BrokenBenchmark("jcmd does not say what was allocated: " + said.lines().findFirst().orElse(""));
            }
            return sum;
        } catch (IOException e) {
            throw new BrokenBenchmark("jcmd can't be run; the suite needs a JDK", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BrokenBenchmark("interrupted", e);
        }
    }

    static long sum(String threads) {
        long sum = 0;
        for (Matcher found = ALLOCATED.matcher(threads); found.find(); ) {
            sum += Long.parseLong(found.group(1)) << 10 * "BKMG".indexOf(found.group(2));
        }
        return sum;
    }
}
