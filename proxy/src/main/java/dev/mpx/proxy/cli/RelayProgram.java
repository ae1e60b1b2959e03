package dev.mpx.proxy.cli;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
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
            ClassLoader loader = loader();
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

    /** The usual one where there is no such folder: then all is on the class path, as in a test. */
    private static ClassLoader loader() throws IOException {
        ClassLoader usual = RelayProgram.class.getClassLoader();
        CodeSource source = RelayProgram.class.getProtectionDomain().getCodeSource();
        Path lib = source == null ? Path.of("/") : Path.of(java.net.URI.create(source.getLocation().toString())).toAbsolutePath().getParent();
        if (!Files.isDirectory(lib.resolve("ssh"))) {
            return usual;
        }
        List<URL> jars = new ArrayList<>();
        for (String own : List.of("mpx-proxy.jar", "mpx-transports.jar")) {
            jars.add(lib.resolve(own).toUri().toURL());
        }
        try (DirectoryStream<Path> others = Files.newDirectoryStream(lib.resolve("ssh"), "*.jar")) {
            for (Path jar : others) {
                jars.add(jar.toUri().toURL());
            }
        }
        return new OwnFirst(jars.toArray(URL[]::new), usual);
    }

    /** What uses those libraries is defined beside them; all else is shared with the rest of the program. */
    private static final class OwnFirst extends URLClassLoader {
        private static final List<String> OWN = List.of("dev.mpx.proxy.relay.", "dev.mpx.transports.ssh.");

        static {
            registerAsParallelCapable();
        }

        OwnFirst(URL[] jars, ClassLoader parent) {
            super(jars, parent);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (OWN.stream().noneMatch(name::startsWith)) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded != null ? loaded : findClass(name);
            }
        }
    }
}
