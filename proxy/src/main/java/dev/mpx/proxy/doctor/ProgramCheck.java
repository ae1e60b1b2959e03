package dev.mpx.proxy.doctor;

import dev.mpx.proxy.home.ServerSearch;
import dev.mpx.proxy.home.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The program itself: whether it has its native part, and what an agent gets that says {@code mpx} or {@code mempalace-mcp}. */
final class ProgramCheck implements Check {
    @Override
    public String name() {
        return "mpx";
    }

    @Override
    public List<Finding> look(Patient patient) throws IOException {
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.ok(Version.current() + Installation.launcher().map(path -> ", " + path).orElse("")
                + Installation.nativeProgram().map(path -> ", native").orElse("")));
        if (Installation.nativeProgram().isEmpty()) {
            findings.add(Finding.warn("there is no native program",
                    "Without its guard a daemon that is killed may leave processes behind, and two writers; each agent costs 40 MiB"
                            + " instead of 1.",
                    "install a C compiler (Debian: apt install gcc make libc6-dev) and run install.sh again"));
        }
        ServerSearch search = new ServerSearch(patient.environment());
        lookForMpx(patient, search, findings);
        if (patient.palace().isPresent()) {
            lookForServer(patient, search, findings);
        }
        return findings;
    }

    private static void lookForMpx(Patient patient, ServerSearch search, List<Finding> findings) {
        List<Path> all = onPath(patient, "mpx");
        Set<Path> real = new LinkedHashSet<>();
        all.forEach(path -> real.add(real(path)));
        Optional<Path> self = Installation.launcher();
        if (all.isEmpty()) {
            findings.add(Finding.warn("no mpx is on PATH", "An agent whose configuration says \"mpx\" does not find it.",
                    self.map(path -> "put " + path.getParent()
                            + " on PATH in your shell's profile, or write the full path into the agent's configuration")
                            .orElse("put mpx's directory on PATH")));
        } else if (self.isPresent() && !real.iterator().next().equals(real(self.get()))) {
            findings.add(Finding.warn("another mpx comes first on PATH: " + all.get(0),
                    "Agents start that one; an older one speaks for what you have just installed.",
                    "remove it, or put the directory of " + self.get() + " before it on PATH"));
        } else if (real.size() > 1) {
            findings.add(Finding.note("several mpx are on PATH: " + join(all), "The first one counts."));
        }
    }

    private static void lookForServer(Patient patient, ServerSearch search, List<Finding> findings) {
        List<Path> all = onPath(patient, "mempalace-mcp");
        int alias = -1;
        int bare = -1;
        for (int i = 0; i < all.size(); i++) {
            if (search.isMpx(all.get(i))) {
                alias = alias < 0 ? i : alias;
            } else {
                bare = bare < 0 ? i : bare;
            }
        }
        if (alias >= 0 && bare >= 0 && bare < alias) {
            findings.add(Finding.warn("the real mempalace-mcp (" + all.get(bare) + ") comes before mpx's (" + all.get(alias) + ") on PATH",
                    "Agents that start \"mempalace-mcp\" open the palace beside mpx: two writers corrupt it.",
                    "put " + all.get(alias).getParent() + " first on PATH, or run install.sh --replace again"));
        }
    }

    private static List<Path> onPath(Patient patient, String name) {
        Set<Path> found = new LinkedHashSet<>();
        for (String directory : patient.environment().get("PATH").orElse("").split(":")) {
            Path candidate = Path.of(directory, name);
            if (directory.startsWith("/") && Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
                found.add(candidate);
            }
        }
        return List.copyOf(found);
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException gone) {
            return path;
        }
    }

    private static String join(List<Path> paths) {
        return String.join(", ", paths.stream().map(Path::toString).toList());
    }
}
