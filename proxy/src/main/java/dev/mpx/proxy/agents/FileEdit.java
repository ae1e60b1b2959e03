package dev.mpx.proxy.agents;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A change of one file, planned and not made. */
public sealed interface FileEdit permits InstallEdit, UninstallEdit {
    /** The file as it was read. */
    ConfigFile config();

    /** The file as its agent names it. */
    default Path file() {
        return config().named();
    }

    /** What is in it; empty if it is not there. */
    default Optional<byte[]> before() {
        return config().bytes();
    }

    /** What is to be in it; empty if it is to go. */
    Optional<byte[]> after();

    /** What changes, in words, one line each. */
    List<String> summary();

    /**
     * Makes the change.
     *
     * @return where the former content is kept, if it is
     * @throws IOException if it can't be made; the file is then as it was
     */
    Optional<Path> apply() throws IOException;
}
