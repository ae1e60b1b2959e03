package dev.mpx.guard;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the build has put the native program and what the tests start with it. */
final class NativeProgram {
    /** For {@code @EnabledIf}. */
    static final String IS_BUILT = "dev.mpx.guard.NativeProgram#isBuilt";

    static final String NOT_BUILT = "there is no native program, since there was no C compiler when this was built,"
            + " or no /proc to look at processes through";

    private NativeProgram() {}

    static boolean isBuilt() {
        return Files.isDirectory(Path.of("/proc/self")) && Files.isExecutable(program());
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
