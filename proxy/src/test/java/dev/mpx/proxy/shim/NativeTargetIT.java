package dev.mpx.proxy.shim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.framing.JsonValue;
import dev.mpx.proxy.home.Endpoint;
import dev.mpx.proxy.home.Environment;
import dev.mpx.proxy.home.HomeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * The native program and Java look for the same daemon: the same home, palace and command line for the same words in the
 * same environment, at the same endpoints, or the same complaint. Two answers would be two daemons, and two writers.
 */
class NativeTargetIT {
    private static final Path MPX = ShimProgram.LAUNCHER;

    @BeforeContainer
    static void thisJavaLooksAsTheInstalledOneDoes() throws IOException {
        System.setProperty("mpx.launcher", MPX.toRealPath().toString());
    }

    @AfterContainer
    static void forget() {
        System.clearProperty("mpx.launcher");
    }

    // Nothing to shrink: any other number is another situation.
    @Property(tries = 1000, shrinking = ShrinkingMode.OFF)
    void bothSayTheSame(@ForAll long seed) throws Exception {
        ShimProgram.NATIVE.assumePresent();
        assertThat(System.getProperty("sun.jnu.encoding")).as("this test names files beyond ASCII").isEqualTo("UTF-8");
        Path root = Files.createTempDirectory(Path.of("/tmp"), "mpx-where").toRealPath();
        try {
            Situation situation = new Situation(root, MPX.toRealPath(), seed);
            Answer java = javaAnswer(situation);
            Answer natively = nativeAnswer(situation);
            // where there are two things to complain of, either may come first
            if (java.complaint().isEmpty() || natively.complaint().isEmpty()) {
                assertThat(natively).as(situation.toString()).isEqualTo(java);
            }
        } finally {
            delete(root);
        }
    }

    /** What is looked for, or the complaint alone. */
    private record Answer(List<String> complaint, String home, String palace, List<String> argv, List<String> endpoints) {
        static Answer of(String complaint) {
            return new Answer(List.of(complaint), "", "", List.of(), List.of());
        }
    }

    private static Answer nativeAnswer(Situation situation) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(MPX.toString(), "where"));
        command.addAll(situation.words);
        ProcessBuilder builder = new ProcessBuilder(command).directory(situation.work.toFile()).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().clear();
        builder.environment().putAll(situation.variables);
        Process process = builder.start();
        process.getOutputStream().close();
        byte[] line = process.getInputStream().readAllBytes();
        JsonValue json = JsonValue.parse(line).orElseThrow(() -> new AssertionError("not JSON: " + new String(line, StandardCharsets.UTF_8)));
        int status = process.waitFor();
        if (json.get("error").isPresent()) {
            assertThat(status).isBetween(1, 2);
            return Answer.of(text(json.get("error")));
        }
        assertThat(status).isZero();
        return new Answer(List.of(), text(json.get("home")), text(json.get("palace")),
                texts(json, "argv"), texts(json, "endpoints"));
    }

    private static List<String> texts(JsonValue json, String name) {
        return json.get(name).orElseThrow().elements().stream().map(word -> text(Optional.of(word))).toList();
    }

    private static String text(Optional<JsonValue> value) {
        return value.orElseThrow().text().orElse("none");
    }

    private static Answer javaAnswer(Situation situation) {
        Environment environment = new Environment(situation.variables, situation.work, Path.of(System.getProperty("user.home")));
        try {
            Target target = Invocation.parse(situation.words).target(environment);
            return new Answer(List.of(), target.home().directory().toString(),
                    target.server().palace().map(palace -> palace.path().toString()).orElse("none"), target.server().argv(),
                    endpoints(target).stream().map(Endpoint::toString).toList());
        } catch (HomeException | IllegalArgumentException refused) {
            return Answer.of(refused.getMessage());
        }
    }

    private static List<Endpoint> endpoints(Target target) {
        Discovery discovery = new Discovery(target.home(), target.environment());
        return discovery.isPrescribed() ? discovery.endpoint().stream().toList() : Whereabouts.of(target.home()).endpoints();
    }

    private static void delete(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
