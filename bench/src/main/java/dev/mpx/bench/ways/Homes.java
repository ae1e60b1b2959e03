package dev.mpx.bench.ways;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Finds processes by the home in their environment, as it was when they were started. */
final class Homes {
    private Homes() {}

    static List<Long> processesOf(Path home) {
        String wanted = "HOME=" + home;
        return ProcessHandle.allProcesses().map(ProcessHandle::pid).filter(pid -> environment(pid).contains(wanted)).toList();
    }

    private static List<String> environment(long pid) {
        try {
            Path environment = Path.of("/proc", Long.toString(pid), "environ");
            return Arrays.asList(Files.readString(environment, StandardCharsets.ISO_8859_1).split("\0"));
        } catch (IOException notOurs) {
            return List.of();
        }
    }
}
