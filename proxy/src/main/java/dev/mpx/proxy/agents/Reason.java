package dev.mpx.proxy.agents;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** Why something with a file did not work, in words. Stateless. */
final class Reason {
    private Reason() {}

    /** The same within a sentence that names the file already. */
    static String of(IOException e, Path file) {
        String why = of(e);
        return why.startsWith(file + ": ") ? why.substring(file.toString().length() + 2) : why.replace(" (" + file + ")", "");
    }

    static String of(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied (" + e.getMessage() + ")";
        }
        return e instanceof FileSystemException file && file.getReason() == null
                ? e.getClass().getSimpleName() + " (" + e.getMessage() + ")"
                : String.valueOf(e.getMessage());
    }
}
