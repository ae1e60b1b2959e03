package dev.mpx.proxy.doctor;

import dev.mpx.proxy.daemon.LeaseRecord;
import dev.mpx.proxy.home.BootId;
import dev.mpx.proxy.home.BrokerFile;
import dev.mpx.proxy.home.Home;
import dev.mpx.proxy.home.MachineDirectory;
import dev.mpx.proxy.home.Mount;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What daemons leave in the home and in this machine's directory: whether anybody lives whom it speaks of. */
final class BrokerFilesCheck implements Check {
    private static final Pattern TEMPORARY = Pattern.compile(".+\\.(\\d{1,10})\\.tmp");

    @Override
    public String name() {
        return "daemon files";
    }

    @Override
    public List<Finding> look(Patient patient) throws IOException {
        Home home = patient.home();
        boolean isServed = HomeLock.isHeld(home);
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.ok(isServed ? home.brokerFile() + " of a daemon that lives" : "none are left of daemons that are gone"));
        if (!isServed && !isAnothers(home)) {
            record(home, findings);
            for (String name : List.of("broker.sock", "guest.sock")) {
                socket(home, home.directory().resolve(name), findings);
            }
            lease(home, findings);
        } else if (isServed) {
            current(patient, findings);
        }
        temporaries(home, findings);
        relays(patient, findings);
        return findings;
    }

    /** Of a daemon under another kernel, whose lock does not show here. */
    private static boolean isAnothers(Home home) {
        return BrokerFile.read(home.brokerFile()).filter(file -> !file.bootId().equals(BootId.current())).isPresent()
                && Mount.isShared(home.directory());
    }

    private static void current(Patient patient, List<Finding> findings) {
        if (patient.broker().isEmpty()) {
            boolean isThere = Files.exists(patient.home().brokerFile());
            findings.add(Finding.fault("a daemon holds " + patient.home().brokerLock() + ", and " + patient.home().brokerFile()
                            + (isThere ? " makes no sense" : " is missing"),
                    "Nobody can find it, and no other may start. It may only just be starting or leaving.", "if it stays so: "
                            + patient.restart()));
        }
    }

    private static void record(Home home, List<Finding> findings) {
        Path file = home.brokerFile();
        if (!Files.exists(file)) {
            return;
        }
        Optional<BrokerFile> broker = BrokerFile.read(file);
        if (broker.isPresent() && broker.get().process().isEmpty() && !broker.get().guests().isEmpty()) {
            return; // left on purpose: by it others learn how to reach the next one
        }
        String what = broker.isEmpty() ? file + " makes no sense"
                : file + " speaks of a daemon that is gone (process " + broker.get().pid()
                        + (broker.get().bootId().equals(BootId.current()) ? ")" : ", of an earlier boot)");
        findings.add(stale(what, "It was killed, or the machine went down. The next daemon replaces it.", home, file));
    }

    private static void socket(Home home, Path file, List<Finding> findings) {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            findings.add(stale(file + " is the socket of a daemon that is gone", "Whoever connects to it is refused.", home, file));
        }
    }

    private static void lease(Home home, List<Finding> findings) throws IOException {
        Optional<LeaseRecord> lease = LeaseRecord.read(home.lease());
        if (lease.isPresent() && lease.get().isOfTheDead()) {
            findings.add(stale(home.lease() + " names " + lease.get().describe() + ", which is gone", "The next daemon takes it over.",
                    home, home.lease()));
        } else if (lease.isPresent()) {
            findings.add(Finding.note(home.lease() + " names " + lease.get().describe(),
                    "Whether that lives can't be seen from here; the next daemon watches it for 20 s before it starts. Delete the file"
                            + " only if it is"
                            + " certain that no daemon runs anywhere."));
        }
    }

    private static Finding stale(String what, String why, Home home, Path file) {
        return Finding.note(what, why).fixedBy("remove " + file, () -> HomeLock.without(home, () -> {
            Files.deleteIfExists(file);
            return "removed " + file;
        }));
    }

    /** Files that were about to take another's place when their writer was killed. */
    private static void temporaries(Home home, List<Finding> findings) throws IOException {
        if (!Files.isDirectory(home.directory())) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(home.directory(), "{broker,server,profile}.json.*.tmp")) {
            for (Path file : files) {
                Matcher name = TEMPORARY.matcher(file.getFileName().toString());
                if (name.matches() && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty()) {
                    findings.add(Finding.note(file + " is half a file of a process that is gone", "Nobody reads it.")
                            .fixedBy("remove " + file, () -> {
                        Files.deleteIfExists(file);
                        return "removed " + file;
                    }));
                }
            }
        }
    }

    private static void relays(Patient patient, List<Finding> findings) throws IOException {
        Path machine = MachineDirectory.of(patient.environment());
        if (!Files.isDirectory(machine)) {
            return;
        }
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(machine, "relay-*")) {
            for (Path directory : directories) {
                Home relay = new Home(directory);
                // one that left in order keeps its locks, its logs and nothing to connect to
                if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS) && Files.exists(relay.brokerFile()) && !HomeLock.isHeld(relay)
                        && BrokerFile.read(relay.brokerFile()).flatMap(BrokerFile::livingDaemon).isEmpty()) {
                    findings.add(Finding.note(directory + " is of a relay that is gone",
                            "It was killed. The next one to the same host replaces it.")
                            .fixedBy("remove " + directory, () -> removeRelay(relay)));
                }
            }
        }
    }

    private static String removeRelay(Home relay) throws IOException {
        return HomeLock.without(relay, () -> {
            try (Stream<Path> all = Files.walk(relay.directory())) {
                for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                    if (!one.equals(relay.directory()) && !one.endsWith("broker.lock") && !one.endsWith("start.lock")) {
                        Files.deleteIfExists(one);
                    }
                }
            }
            return "emptied " + relay.directory() + ", but for its locks";
        });
    }
}
