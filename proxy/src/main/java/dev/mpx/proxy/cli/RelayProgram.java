package dev.mpx.proxy.cli;

import dev.mpx.proxy.daemon.SideLibrary;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.util.List;

/**
 * Starts the relay with the libraries for SSH, which lie beside the others in {@code lib/ssh} and on nobody's class path: a
 * daemon has no use for them, and an archive of its classes counts all jars of the path.
 */
final class RelayProgram {
    private static final String MAIN = "dev.mpx.proxy.relay.RelayMain";

    private RelayProgram() {}

    /** @return the exit status */
    static int run(String endpoint, String home) {
        try {
            ClassLoader loader =
                    SideLibrary.of("ssh", List.of("mpx-proxy.jar", "mpx-transports.jar"), List.of("dev.mpx.proxy.relay.", "dev.mpx.transports.ssh."));
            // its threads look for providers and services there
            Thread.currentThread().setContextClassLoader(loader);
            return (int) loader.loadClass(MAIN).getMethod("run", String.class, String.class).invoke(null, endpoint, home);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (IOException | ReflectiveOperationException e) {
            System.err.println("mpx: the relay can't be loaded: " + e + ". Install mpx anew.");
            return ExitStatus.DEGRADED;
        }
    }
}
