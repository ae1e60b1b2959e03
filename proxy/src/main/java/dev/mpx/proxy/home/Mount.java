package dev.mpx.proxy.home;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The mounted file system that a path lies on, as {@code /proc/self/mountinfo} tells it (proc_pid_mountinfo(5)).
 *
 * @param point where it is mounted
 * @param type such as {@code ext4}, {@code virtiofs} or {@code fuse.sshfs}
 * @param source what is mounted there
 */
public record Mount(String point, String type, String source) {
    private static final Path TABLE = Path.of("/proc/self/mountinfo");
    /**
     * File systems that another kernel may see as well, or on which locks and sockets may not work between two processes
     * even of one: what VMs, container runtimes and networks share by. {@code fuse.*} is meant by {@code fuse}.
     */
    private static final List<String> SHARED = List.of(
            "virtiofs", "9p", "fuse", "fuseblk", "fakeowner", "vboxsf", "prl_fs", "vmhgfs",
            "nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "coda", "lustre", "webdav");

    /** That of a path, which need not exist; it must be a real path, without symbolic links. Empty where that can't be told. */
    public static Optional<Mount> of(Path path) {
        try {
            return Files.isReadable(TABLE) ? in(Files.readString(TABLE, StandardCharsets.UTF_8), path) : byStore(path);
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    /** Whether locks and sockets on it may mean nothing to who else sees it. */
    public boolean isShared() {
        return SHARED.contains(type) || type.startsWith("fuse.");
    }

    /** Whether that is known of the path's mount. */
    public static boolean isShared(Path path) {
        Optional<Mount> mount = of(path);
        return mount.isPresent() && mount.get().isShared();
    }

    @Override
    public String toString() {
        return type + (source.isEmpty() || source.equals("none") ? "" : " \"" + source + "\"") + " on " + point;
    }

    /** A line of the table. */
    private record Row(String id, String parent, Mount mount) {}

    /**
     * Goes from mount to mount as the kernel does. Of several on one mount that lead to the path, the nearest counts: one
     * that was mounted behind it before is hidden by it.
     */
    static Optional<Mount> in(String table, Path path) {
        List<Row> rows = new ArrayList<>();
        for (String line : table.split("\n")) {
            Row row = row(line);
            if (row != null && path.startsWith(Path.of(row.mount().point()))) {
                rows.add(row);
            }
        }
        Row at = null;
        for (Row row : rows) {
            at = at == null && !hasParent(rows, row) ? row : at;
        }
        Row next = at;
        for (int steps = 0; next != null && steps <= rows.size(); steps++) {
            at = next;
            next = null;
            for (Row row : rows) {
                boolean isChild = row.parent().equals(at.id()) && !row.id().equals(at.id());
                if (isChild && (next == null || row.mount().point().length() < next.mount().point().length())) {
                    next = row;
                }
            }
        }
        return at == null ? Optional.empty() : Optional.of(at.mount());
    }

    private static boolean hasParent(List<Row> rows, Row child) {
        for (Row row : rows) {
            if (row.id().equals(child.parent()) && !row.id().equals(child.id())) {
                return true;
            }
        }
        return false;
    }

    /** {@code 36 35 98:0 /root /point options [tags…] - type source options}; null if it is something else. */
    private static Row row(String line) {
        String[] words = line.split(" ");
        int dash = 6;
        while (dash < words.length && !words[dash].equals("-")) {
            dash++;
        }
        return dash + 2 < words.length
                ? new Row(words[0], words[1], new Mount(unescape(words[4]), words[dash + 1], unescape(words[dash + 2])))
                : null;
    }

    /** Space, tab, newline and backslash stand as three octal digits behind a backslash. */
    private static String unescape(String word) {
        return word.replace("\\040", " ").replace("\\011", "\t").replace("\\012", "\n").replace("\\134", "\\");
    }

    private static Optional<Mount> byStore(Path path) throws IOException {
        Path there = path;
        while (there != null && !Files.exists(there)) {
            there = there.getParent();
        }
        return there == null
                ? Optional.empty()
                : Optional.of(new Mount(there.toString(), Files.getFileStore(there).type(), Files.getFileStore(there).name()));
    }
}
