package dev.mpx.proxy.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who has the palace's files open, mpx's own server aside. */
final class HoldersCheck implements Check {
    private static final Duration LSOF = Duration.ofSeconds(6);

    @Override
    public String name() {
        return "open files";
    }

    @Override
    public Duration limit() {
        return Duration.ofSeconds(8);
    }

    @Override
    public List<Finding> look(Patient patient) throws IOException, InterruptedException {
        List<Path> directories = patient.dataDirectories().stream().filter(Files::isDirectory).toList();
        if (directories.isEmpty()) {
            return List.of(Finding.ok("nothing of a palace can be open"));
        }
        Map<Long, Path> holders = new LinkedHashMap<>();
        if (Processes.areVisible()) {
            Processes.open().forEach((pid, files) -> files.stream().filter(file -> isData(file, directories)).findFirst()
                    .ifPresent(file -> holders.put(pid, file)));
        } else if (!lsof(patient, directories, holders)) {
            return List.of(Finding.note("can't be looked at: there is no lsof", "Who else has the palace open is not known."));
        }
        List<Finding> findings = new ArrayList<>(List.of(Finding.ok(holders.isEmpty() ? "nobody has the palace open"
                : "nobody but mpx's server has the palace open")));
        holders.forEach((pid, file) -> {
            if (!Processes.isOfMpx(pid) && !Processes.isBelow(pid, holders.keySet())) {
                findings.add(finding(pid, file));
            }
        });
        return findings;
    }

    private static Finding finding(long pid, Path file) {
        char state = Processes.state(pid);
        String how = state == 'T' ? "; it is stopped" : state == 'D' ? "; it hangs in the kernel" : "";
        return Finding.fault(Processes.describe(pid) + " has " + file + " open beside mpx" + how,
                "Two writers corrupt the palace's index, or one keeps the other out. An agent that starts the bare server does this (see"
                        + " \"agents\"); a mine has its turn by \"mpx run -- mempalace mine …\".",
                "kill " + pid);
    }

    /** What the server reads and writes; locks of mpx's and logs are not. The knowledge graph lies beside other things. */
    static boolean isData(Path file, List<Path> directories) {
        String name = file.getFileName() == null ? "" : file.getFileName().toString();
        if (name.startsWith(".mpx-") || name.endsWith(".lock")) {
            return false;
        }
        for (int i = 0; i < directories.size(); i++) {
            boolean isInside = i == 0 ? file.startsWith(directories.get(i)) : directories.get(i).equals(file.getParent())
                    && name.contains(".sqlite3");
            if (isInside && !Files.isDirectory(file)) {
                return true;
            }
        }
        return false;
    }

    /** Where there is no /proc. */
    private static boolean lsof(Patient patient, List<Path> directories, Map<Long, Path> holders) throws IOException, InterruptedException {
        Optional<Path> program = Program.find("lsof", patient.environment().get("PATH").orElse("") + ":/usr/sbin:/usr/bin");
        if (program.isEmpty()) {
            return false;
        }
        long pid = 0;
        for (String line : Program.run(List.of(program.get().toString(), "-w", "-Fpn", "+D", directories.get(0).toString()), Map.of(), LSOF)
                .stdout().lines().toList()) {
            if (line.startsWith("p")) {
                pid = Long.parseLong(line.substring(1));
            } else if (line.startsWith("n/") && isData(Path.of(line.substring(1)), directories)) {
                holders.putIfAbsent(pid, Path.of(line.substring(1)));
            }
        }
        return true;
    }
}
