package dev.mpx.proxy.agents;

import dev.mpx.proxy.home.Environment;
import dev.mpx.proxy.home.ServerSearch;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The command that starts this mpx, for other programs' configurations: the name that stays through upgrades, where there is one.
 *
 * @param path its absolute path, or {@code mpx} if nothing better is known
 * @param runsJobs whether it has {@code mpx run} and {@code mpx hook}, which the native program alone has
 */
public record MpxProgram(String path, boolean runsJobs) {
    /** install.sh puts each installation into a directory of its own below this, and one link to the latest beside it. */
    private static final List<String> INSTALLED_AS = List.of("bin/mpx", "lib/mpx");

    /** A native one. */
    MpxProgram(String path) {
        this(path, true);
    }

    /** That of this process. */
    public static MpxProgram find(Environment environment) {
        String launcher = System.getProperty(ServerSearch.LAUNCHER_PROPERTY, "");
        if (launcher.isEmpty()) {
            return new MpxProgram("mpx");
        }
        Path program = Path.of(launcher);
        return new MpxProgram(link(program)
                .or(() -> new ServerSearch(environment).find("mpx").filter(found -> isSame(found, program)))
                .orElse(program)
                .toString(), !isScript(program));
    }

    private static boolean isScript(Path program) {
        try (InputStream in = Files.newInputStream(program)) {
            return Arrays.equals(in.readNBytes(2), new byte[] {'#', '!'});
        } catch (IOException unreadable) {
            return false;
        }
    }

    /** {@code PREFIX/bin/mpx} of {@code PREFIX/lib/mpx/VERSION/bin/mpx}. */
    private static Optional<Path> link(Path program) {
        Path installations = program.resolve("../../..").normalize();
        if (!installations.endsWith(INSTALLED_AS.get(1))) {
            return Optional.empty();
        }
        Path link = installations.resolve("../..").normalize().resolve(INSTALLED_AS.get(0));
        return isSame(link, program) ? Optional.of(link) : Optional.empty();
    }

    private static boolean isSame(Path one, Path other) {
        try {
            return Files.isSameFile(one, other);
        } catch (IOException notThere) {
            return false;
        }
    }
}
