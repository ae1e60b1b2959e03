package dev.mpx.proxy.home;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Makes sure that a directory is there, is this user's, and lets nobody else in. Stateless. */
final class PrivateDirectory {
    private static final int OTHERS_MAY_WRITE = 0002;
    private static final int ANYBODY_ELSE = 0077;

    private PrivateDirectory() {}

    /**
     * Creates it with mode 0700, its parents too, or takes away what others may do in it.
     *
     * @throws HomeException if it belongs to somebody else, or is a place that everybody writes to
     */
    static void prepare(Path directory) {
        try {
            create(directory);
            long owner = Owner.of(directory);
            if (owner != Owner.uid()) {
                throw new HomeException("mpx won't use " + directory + ": it belongs to the user with id " + owner
                        + ", not to you. Choose another directory with --home.");
            }
            int mode = Owner.mode(directory);
            if ((mode & OTHERS_MAY_WRITE) != 0) {
                throw new HomeException("mpx won't use " + directory + ": every user of this machine may write to it."
                        + " Choose another directory with --home.");
            }
            if ((mode & ANYBODY_ELSE) != 0) {
                Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
            }
        } catch (IOException e) {
            throw new HomeException("mpx can't use the directory " + directory + ": " + reason(e), e);
        }
    }

    private static void create(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        Files.createDirectories(directory,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    /** An exception of the file system in words: its own message is often only the file's name. */
    static String reason(IOException e) {
        String kind = e.getClass().getSimpleName();
        return switch (kind) {
            case "AccessDeniedException" -> "permission denied (" + e.getMessage() + ").";
            case "FileAlreadyExistsException" -> "there is a file of that name (" + e.getMessage() + ").";
            case "NoSuchFileException" -> "no such file (" + e.getMessage() + ").";
            default -> e.getMessage() + ".";
        };
    }
}
