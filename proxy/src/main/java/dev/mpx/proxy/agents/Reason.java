package dev.mpx.proxy.agents;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;

/** Why something with a file did not work, in words. Stateless. */
final class Reason {
    private Reason() {}

    static String of(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied (" + e.getMessage() + ")";
        }
        return e instanceof FileSystemException file && file.getReason() == null
                ? e.getClass().getSimpleName() + " (" + e.getMessage() + ")"
                : String.valueOf(e.getMessage());
    }
}
