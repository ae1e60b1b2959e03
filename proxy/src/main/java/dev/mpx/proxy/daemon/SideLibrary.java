package dev.mpx.proxy.daemon;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;

/**
 * Libraries that lie in a folder of their own beside the others, on nobody's class path: most runs have no use for them, and
 * an archive of classes counts all jars of the path. What of mpx uses them is defined beside them; all else is shared with the
 * rest of the program.
 */
public final class SideLibrary extends URLClassLoader {
    private final List<String> packages;

    static {
        registerAsParallelCapable();
    }

    private SideLibrary(URL[] jars, List<String> packages, ClassLoader parent) {
        super(jars, parent);
        this.packages = packages;
    }

    /**
     * The usual loader where there is no such folder: then all is on the class path, as in a test.
     *
     * @param folder in {@code lib}
     * @param own jars of mpx with the packages
     * @param packages of mpx that use these libraries, each with a dot at its end
     */
    public static ClassLoader of(String folder, List<String> own, List<String> packages) throws IOException {
        ClassLoader usual = SideLibrary.class.getClassLoader();
        CodeSource source = SideLibrary.class.getProtectionDomain().getCodeSource();
        Path lib = source == null ? Path.of("/") : Path.of(URI.create(source.getLocation().toString())).toAbsolutePath().getParent();
        if (!Files.isDirectory(lib.resolve(folder))) {
            return usual;
        }
        List<URL> jars = new ArrayList<>();
        for (String jar : own) {
            jars.add(lib.resolve(jar).toUri().toURL());
        }
        try (DirectoryStream<Path> others = Files.newDirectoryStream(lib.resolve(folder), "*.jar")) {
            for (Path jar : others) {
                jars.add(jar.toUri().toURL());
            }
        }
        return new SideLibrary(jars.toArray(URL[]::new), packages, usual);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (packages.stream().noneMatch(name::startsWith)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : findClass(name);
        }
    }
}
