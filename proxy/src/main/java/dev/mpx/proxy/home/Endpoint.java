package dev.mpx.proxy.home;

import java.nio.file.Path;

/** Where a daemon listens. */
public sealed interface Endpoint permits Endpoint.Unix {

    /** A UNIX socket in the file system; written {@code unix:/path}. */
    record Unix(Path path) implements Endpoint {
        @Override
        public String toString() {
            return "unix:" + path;
        }
    }

    /**
     * Reads what stands in a setting, a variable or a broker file.
     *
     * @throws HomeException for a form that this version does not know, naming those it does
     */
    static Endpoint parse(String text) {
        String scheme = "unix:";
        if (text.startsWith(scheme)) {
            String path = text.substring(scheme.length());
            if (path.startsWith("//")) {
                path = path.substring(2);
            }
            if (path.startsWith("/")) {
                return new Unix(Path.of(path));
            }
        }
        throw new HomeException("mpx can't connect to \"" + text + "\": it knows endpoints of the form unix:/absolute/path only.");
    }
}
