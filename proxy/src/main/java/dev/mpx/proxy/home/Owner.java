package dev.mpx.proxy.home;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Who this process is, and who owns a file, as numbers: names may have none in a container. Stateless. */
public final class Owner {
    private Owner() {}

    /** The user id of this process. */
    public static long uid() {
        Path self = Path.of("/proc/self");
        try {
            // Reading it off /proc spares the shim a native library.
            return Files.exists(self) ? of(self) : new UnixSystem().getUid();
        } catch (IOException e) {
            return new UnixSystem().getUid();
        }
    }

    /** The user id that owns the file; a symbolic link's own is not looked at. */
    public static long of(Path file) throws IOException {
        return ((Number) Files.getAttribute(file, "unix:uid")).longValue();
    }

    /** The permission bits, without the file's type. */
    public static int mode(Path file, LinkOption... options) throws IOException {
        return ((Number) Files.getAttribute(file, "unix:mode", options)).intValue() & 07777;
    }
}
