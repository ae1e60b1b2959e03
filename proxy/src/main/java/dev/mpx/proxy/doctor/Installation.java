package dev.mpx.proxy.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What lies beside the program that was started. Stateless. */
final class Installation {
    private Installation() {}

    /** The real path of the launcher, script or program. */
    static Optional<Path> launcher() {
        String path = System.getProperty("mpx.launcher", "");
        return path.isEmpty() ? Optional.empty() : Optional.of(Path.of(path));
    }

    /** The native program, where there is one. */
    static Optional<Path> nativeProgram() {
        String path = System.getProperty("mpx.native", "");
        return path.isEmpty() ? Optional.empty() : Optional.of(Path.of(path));
    }

    /** A file of its lib directory. */
    static Optional<Path> lib(String name) {
        return launcher().map(path -> path.resolveSibling("../lib").resolve(name).normalize());
    }

    static Optional<String> firstLine(Optional<Path> file) throws IOException {
        return file.isEmpty() || !Files.isRegularFile(file.get()) ? Optional.empty() : Files.readString(file.get()).lines().findFirst();
    }
}
