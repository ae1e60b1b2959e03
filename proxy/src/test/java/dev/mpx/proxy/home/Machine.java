package dev.mpx.proxy.home;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;

/** A made-up user on a made-up machine: a home directory, a working directory, a directory on PATH. */
final class Machine {
    final Path root;
    final Path home;
    final Path bin;
    final Path work;
    private final Map<String, String> variables = new HashMap<>();

    Machine(Path directory) throws IOException {
        root = directory.toRealPath();
        home = Files.createDirectories(root.resolve("user"));
        bin = Files.createDirectories(root.resolve("bin"));
        work = Files.createDirectories(root.resolve("work"));
        variables.put("HOME", home.toString());
        variables.put("PATH", bin.toString());
    }

    Machine with(String name, String value) {
        variables.put(name, value);
        return this;
    }

    Machine without(String name) {
        variables.remove(name);
        return this;
    }

    Environment environment() {
        return new Environment(variables, work, home);
    }

    static Path executable(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return file;
    }
}
