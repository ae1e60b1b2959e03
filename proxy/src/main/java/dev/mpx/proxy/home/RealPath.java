package dev.mpx.proxy.home;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** The one name of a file that need not exist yet. Stateless. */
final class RealPath {
    private static final int MAX_LINKS = 40;

    private RealPath() {}

    /**
     * The real path of the nearest ancestor that exists, and the rest as it is. A symbolic link whose target does not
     * exist yet is followed too: once the target is made, both names must still lead to the same answer.
     */
    static Path of(Path absolute) {
        return of(absolute, 0);
    }

    private static Path of(Path absolute, int links) {
        try {
            return absolute.toRealPath();
        } catch (IOException notThere) {
            Path parent = absolute.getParent();
            Path name = absolute.getFileName();
            if (parent == null || name == null || links > MAX_LINKS) {
                return absolute.normalize();
            }
            Path realParent = of(parent, links);
            if (name.toString().equals("..")) {
                return realParent.getParent() == null ? realParent : realParent.getParent();
            }
            if (name.toString().equals(".")) {
                return realParent;
            }
            Path here = realParent.resolve(name);
            if (!Files.exists(here, LinkOption.NOFOLLOW_LINKS) || !Files.isSymbolicLink(here)) {
                return here;
            }
            try {
                return of(realParent.resolve(Files.readSymbolicLink(here)), links + 1);
            } catch (IOException unreadable) {
                return here;
            }
        }
    }
}
