package dev.mpx.proxy.home;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.framing.JsonValue;
import dev.mpx.proxy.shim.ShimProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** The native program and Java take a path to lie on the same mount: else one would own what the other refuses. */
class NativeMountIT {
    private static final List<String> POINTS = List.of("/", "/a", "/a/b", "/a/b/c", "/a\\040b", "/a/b\\134x", "/ab", "/a/", "relative");
    private static final List<String> TYPES = List.of("ext4", "virtiofs", "fuse.sshfs", "fuse", "fuseblk", "nfs4", "fused", "9p");
    private static final List<String> PATHS = List.of("/", "/a", "/a/b/c/d", "/a b/x", "/a/b\\x/y", "/ab/c", "/z");

    @Property(tries = 300, shrinking = ShrinkingMode.OFF)
    void bothFindTheSameMount(@ForAll long seed) throws Exception {
        ShimProgram.NATIVE.assumePresent();
        Random chance = new Random(new SplittableRandom(seed).nextLong());
        String table = table(chance);
        String path = one(chance, PATHS);
        Path file = Files.writeString(Files.createTempFile("mpx-mounts", ""), table);
        try {
            Optional<Mount> mount = Mount.in(table, Path.of(path));
            Process process = new ProcessBuilder(ShimProgram.LAUNCHER.toString(), "where", "--mount", file.toString(), path).start();
            JsonValue json = JsonValue.parse(process.getInputStream().readAllBytes()).orElseThrow();
            assertThat(json.get("mount").orElseThrow().text()).as(path + " in\n" + table).isEqualTo(mount.map(Mount::toString));
            assertThat(json.get("shared").orElseThrow().isTrue()).isEqualTo(mount.isPresent() && mount.get().isShared());
        } finally {
            Files.delete(file);
        }
    }

    private static String table(Random chance) {
        List<String> lines = new ArrayList<>();
        for (int i = chance.nextInt(7); i >= 0; i--) {
            String tags = one(chance, List.of("", "shared:1 ", "master:1 propagate_from:2 "));
            lines.add(one(chance, List.of(
                    (20 + chance.nextInt(6)) + " " + (19 + chance.nextInt(7)) + " 0:1 / " + one(chance, POINTS) + " rw " + tags + "- "
                            + one(chance, TYPES) + " " + one(chance, List.of("none", "dev", "a\\040b", "")) + " rw",
                    (20 + chance.nextInt(6)) + " 1 0:1 / " + one(chance, POINTS) + " rw - " + one(chance, TYPES),
                    (20 + chance.nextInt(6)) + " " + (19 + chance.nextInt(7)) + " 0:1 / " + one(chance, POINTS) + " rw - " + one(chance, TYPES) + " src rw",
                    "not a mount", "")));
        }
        return String.join("\n", lines) + one(chance, List.of("", "\n"));
    }

    private static <T> T one(Random chance, List<T> of) {
        return of.get(chance.nextInt(of.size()));
    }
}
