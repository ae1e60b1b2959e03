package dev.mpx.proxy.doctor;

import dev.mpx.proxy.home.Home;
import dev.mpx.proxy.home.Owner;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** Whether home and mpx's files in it are this user's, and nobody else's to read. */
final class PermissionsCheck implements Check {
    private static final int OTHERS = 0077;
    private static final int OTHERS_WRITE = 0022;

    @Override
    public String name() {
        return "permissions";
    }

    @Override
    public List<Finding> look(Patient patient) throws IOException {
        Home home = patient.home();
        List<Finding> findings = new ArrayList<>();
        if (!Files.isDirectory(home.directory())) {
            findings.add(Finding.ok("there is no home yet; it will be made private"));
        } else {
            findings.add(Finding.ok("home and its files are yours alone"));
            directory(home.directory(), findings);
            if (Files.isDirectory(home.logs())) {
                directory(home.logs(), findings);
            }
            boolean isOpen = (Owner.mode(home.directory()) & OTHERS) != 0;
            for (Path file : files(home)) {
                file(file, isOpen || file.equals(home.brokerFile()), findings);
            }
        }
        Path settings = patient.environment().userHome().resolve(".config/mpx/mpx.toml");
        if (Files.isRegularFile(settings) && Files.readString(settings).lines().anyMatch(line -> line.strip().startsWith("token"))) {
            file(settings, true, findings);
        }
        return findings;
    }

    private static void directory(Path directory, List<Finding> findings) throws IOException {
        if (!isMine(directory, findings)) {
            return;
        }
        int mode = Owner.mode(directory);
        if ((mode & OTHERS) != 0) {
            boolean isWritable = (mode & OTHERS_WRITE) != 0;
            findings.add(new Finding(isWritable ? Severity.FAULT : Severity.WARN,
                    directory + " may be " + (isWritable ? "written to" : "read") + " by other users (mode " + Integer.toOctalString(mode)
                            + ")",
                    isWritable ? "Whoever may write there can put a socket or a lock in mpx's place."
                            : "What agents say to the palace is in its logs.",
                    java.util.Optional.of("chmod 700 " + directory), java.util.Optional.empty())
                    .fixedBy("chmod 700 " + directory, () -> chmod(directory, "rwx------")));
        }
    }

    private static void file(Path file, boolean matters, List<Finding> findings) throws IOException {
        if (!isMine(file, findings)) {
            return;
        }
        int mode = Owner.mode(file);
        if ((mode & OTHERS) != 0) {
            findings.add(new Finding(matters ? Severity.WARN : Severity.NOTE,
                    file + " may be read by other users (mode " + Integer.toOctalString(mode) + ")",
                    matters ? "It may hold a token by which anybody gets to the palace, or what agents said."
                            : "Home keeps them out, as long as that is private.",
                    java.util.Optional.of("chmod 600 " + file), java.util.Optional.empty())
                    .fixedBy("chmod 600 " + file, () -> chmod(file, "rw-------")));
        }
    }

    private static boolean isMine(Path path, List<Finding> findings) throws IOException {
        long owner = Owner.of(path);
        if (owner == Owner.uid()) {
            return true;
        }
        findings.add(Finding.fault(path + " belongs to the user with id " + owner + ", and you are " + Owner.uid(),
                "mpx uses no home of somebody else's, and locks nothing that it may not open. A command run by sudo leaves such files.",
                "sudo chown -R \"$(id -u)\" " + path));
        return false;
    }

    /** Those of mpx: the default palace's home is MemPalace's own directory, too. */
    private static List<Path> files(Home home) throws IOException {
        List<Path> files = new ArrayList<>(List.of(home.brokerFile(), home.brokerLock(), home.startLock(), home.childLock(), home.lease(),
                home.profile(),
                home.serverRecord()));
        if (Files.isDirectory(home.logs())) {
            try (DirectoryStream<Path> logs = Files.newDirectoryStream(home.logs())) {
                logs.forEach(files::add);
            }
        }
        return files.stream().filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)).toList();
    }

    private static String chmod(Path path, String mode) throws IOException {
        if (Files.isSymbolicLink(path)) {
            throw new IOException("it is a symbolic link by now");
        }
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
        return "took away what other users may do with " + path;
    }
}
