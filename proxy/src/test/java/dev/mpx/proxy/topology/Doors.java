package dev.mpx.proxy.topology;

import dev.mpx.proxy.whole.OsProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Where somebody can connect to a process: what it listens at, as Linux tells in /proc. */
final class Doors {
    /** The flag of a socket on which connections are accepted (net/unix/af_unix.c: SO_ACCEPTCON). */
    private static final int ACCEPTS = 1 << 16;
    /** TCP_LISTEN of include/net/tcp_states.h. */
    private static final String LISTENS = "0A";

    private Doors() {}

    /** Paths of sockets, and numbers of ports. A socket without a path in the file system is named as the system names it: {@code @name}. */
    static List<String> of(OsProcess process) throws IOException {
        Set<String> inodes = inodes(process);
        List<String> doors = new ArrayList<>();
        for (String line : table(process, "unix")) { // Num RefCount Protocol Flags Type St Inode Path
            String[] words = line.strip().split(" +", 8);
            if (words.length > 6 && inodes.contains(words[6]) && (Integer.parseInt(words[3], 16) & ACCEPTS) != 0) {
                doors.add(words.length > 7 ? words[7] : "@");
            }
        }
        for (String file : List.of("tcp", "tcp6")) { // sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode
            for (String line : table(process, file)) {
                String[] words = line.strip().split(" +");
                if (words[3].equals(LISTENS) && inodes.contains(words[9])) {
                    doors.add(Integer.toString(Integer.parseInt(words[1].substring(words[1].indexOf(':') + 1), 16)));
                }
            }
        }
        return doors;
    }

    private static List<String> table(OsProcess process, String name) throws IOException {
        List<String> lines = Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "net", name));
        return lines.subList(1, lines.size());
    }

    private static Set<String> inodes(OsProcess process) throws IOException {
        Set<String> inodes = new HashSet<>();
        try (Stream<Path> all = Files.list(Path.of("/proc", Long.toString(process.pid()), "fd"))) {
            for (Path descriptor : all.toList()) {
                String target = Files.isSymbolicLink(descriptor) ? Files.readSymbolicLink(descriptor).toString() : "";
                if (target.startsWith("socket:[")) {
                    inodes.add(target.substring("socket:[".length(), target.length() - 1));
                }
            }
        }
        return inodes;
    }
}
