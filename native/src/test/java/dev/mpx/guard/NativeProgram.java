package dev.mpx.guard;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the build has put the native program and what the tests start with it. */
final class NativeProgram {
    private NativeProgram() {}

    /** Skips the test where there is nothing to try. */
    static void assumeBuilt() {
        assumeTrue(Files.isDirectory(Path.of("/proc/self")), "these tests look at processes through Linux's /proc");
        assumeTrue(Files.isExecutable(program()), "no native program: there was no C compiler when this was built");
    }

    static Path program() {
        return Path.of(System.getProperty("mpx.program"));
    }

    static boolean isSanitized() {
        return program().toString().contains("sanitized");
    }

    static Path fixture(String name) {
        return Path.of(System.getProperty("mpx.fixtures")).resolve(name);
    }
}
