package dev.mpx.proxy.doctor;

import dev.mpx.proxy.home.HomeException;
import dev.mpx.proxy.home.Mount;
import dev.mpx.proxy.home.Ownership;
import dev.mpx.proxy.shim.Discovery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What home and data lie on: whether locks mean anything there, and whether there is room. */
final class FileSystemCheck implements Check {
    private static final long LITTLE = 2L << 30;
    private static final long TOO_LITTLE = 200L << 20;

    @Override
    public String name() {
        return "file system";
    }

    @Override
    public List<Finding> look(Patient patient) throws IOException {
        List<Path> directories = new ArrayList<>(List.of(patient.home().directory()));
        directories.addAll(patient.dataDirectories());
        List<Finding> findings = new ArrayList<>();
        Set<Mount> seen = new LinkedHashSet<>();
        for (Path directory : directories) {
            Path there = existing(directory);
            Optional<Mount> mount = Mount.of(there.toRealPath());
            boolean isNew = mount.isEmpty() || seen.add(mount.get());
            if (isNew) {
                mount.filter(Mount::isShared).ifPresent(shared -> findings.add(shared(patient, directory, shared)));
                room(there, findings);
            }
            if (!Files.isWritable(there)) {
                findings.add(Finding.fault(there + " can't be written to",
                        "mpx keeps its locks and sockets in home, and the server writes to the palace.",
                        "mount it for writing, or become the user whose it is"));
            }
        }
        String where = seen.isEmpty() ? "unknown" : String.join("; ", seen.stream().map(Mount::toString).toList());
        findings.add(0, Finding.ok(where + ", " + Sizes.text(Files.getFileStore(existing(patient.home().directory())).getUsableSpace())
                + " free"));
        return findings;
    }

    private static Path existing(Path path) {
        Path there = path;
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        return there;
    }

    private static Finding shared(Patient patient, Path directory, Mount mount) {
        String what = directory + " lies on a mount that another machine may see (" + mount + ")";
        Discovery discovery = patient.discovery();
        try {
            if (discovery.isElsewhere() && discovery.endpoint().isPresent()) {
                return Finding.ok("shared, and the daemon is reached at " + discovery.endpoint().get());
            }
            if (Ownership.isAllowed(patient.environment())) {
                return Finding.warn(what + ", and MPX_OWNER=here lets it be owned from here",
                        "Locks don't reach across it. A lease keeps others away as well as such a mount allows, which is best effort.",
                        "let the daemon run where the files are, and set endpoint = \"ssh://USER@HOST\" in ~/.config/mpx/mpx.toml here");
            }
        } catch (HomeException senseless) {
            return Finding.fault(senseless.getMessage(), "Where the daemon is can't be told.", "correct that setting");
        }
        return Finding.fault(what, "Locks and sockets don't reach across it, so mpx starts no server here: a second one would corrupt"
                + " the data.",
                "run \"mpx ensure\" on the machine that has the files, and set endpoint = \"ssh://USER@HOST\" in ~/.config/mpx/mpx.toml"
                        + " here");
    }

    private static void room(Path directory, List<Finding> findings) throws IOException {
        long free = Files.getFileStore(directory).getUsableSpace();
        if (free < LITTLE) {
            String what = "only " + Sizes.text(free) + " are free where " + directory + " is";
            String why = "A palace that can't write its index to the end is broken afterwards.";
            String cure = "make room: du -xh " + directory + " | sort -h | tail";
            findings.add(free < TOO_LITTLE ? Finding.fault(what, why, cure) : Finding.warn(what, why, cure));
        }
    }
}
