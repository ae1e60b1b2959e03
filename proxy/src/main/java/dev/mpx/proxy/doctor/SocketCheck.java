package dev.mpx.proxy.doctor;

import dev.mpx.proxy.home.BrokerFile;
import dev.mpx.proxy.home.MachineDirectory;
import dev.mpx.proxy.home.Mount;
import dev.mpx.proxy.home.Owner;
import dev.mpx.proxy.home.SocketPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where the daemon's sockets are, or would be: a path has room for 107 bytes on Linux and 103 on macOS. */
final class SocketCheck implements Check {
    @Override
    public String name() {
        return "socket";
    }

    @Override
    public List<Finding> look(Patient patient) throws IOException {
        Path usual = patient.home().directory().resolve("broker.sock");
        int length = usual.toString().getBytes(StandardCharsets.UTF_8).length;
        boolean isShared = Mount.isShared(patient.home().directory());
        Path directory = MachineDirectory.of(patient.environment());
        List<Finding> findings = new ArrayList<>();
        if (length <= SocketPath.LONGEST && !isShared) {
            findings.add(Finding.ok(usual + ", " + length + " of " + SocketPath.LONGEST + " bytes"));
        } else {
            findings.add(Finding.note("it lies in " + directory + ", not in home", isShared
                    ? "Home is on a mount on which sockets often can't be connected to."
                    : "Home's path is so long (" + length + " bytes with the socket's name) that no socket can lie there."));
        }
        for (Path machine : List.of(directory, Path.of("/tmp", "mpx-" + Owner.uid()))) {
            if (Files.exists(machine) && Owner.of(machine) != Owner.uid()) {
                findings.add(Finding.fault(machine + " belongs to the user with id " + Owner.of(machine),
                        "Sockets that don't fit into home, relays and forwarded connections lie there. Somebody else has made it first.",
                        "have it removed: sudo rm -rf " + machine));
            }
        }
        Optional<BrokerFile> broker = patient.broker();
        if (broker.isPresent() && broker.get().livingDaemon().isPresent()) {
            for (String endpoint : broker.get().endpoints()) {
                if (endpoint.startsWith("unix:/") && !Files.exists(Path.of(endpoint.substring("unix:".length())))) {
                    findings.add(Finding.fault("the daemon's socket is gone: " + endpoint,
                            "The daemon lives, and nobody new can reach it.", patient.restart()));
                }
            }
        }
        return findings;
    }
}
