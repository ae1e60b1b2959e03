package dev.mpx.proxy.guest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.framing.JsonValue;
import dev.mpx.proxy.shim.ShimProgram;
import java.io.IOException;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The native program and Java let a limited key do the same, and refuse the rest in the same words. */
class NativeGuestIT {
    private static final CharsetEncoder UTF_8 = StandardCharsets.UTF_8.newEncoder();

    /** What a run said and how it ended. */
    private record Outcome(int status, String stdout, String stderr) {}

    @Provide
    Arbitrary<String> lines() {
        return new GuestRequestTest().lines().filter(NativeGuestIT::canBeAsked);
    }

    /** By SSH, in a variable: neither holds a zero byte, nor half a character. */
    private static boolean canBeAsked(String line) {
        return line.indexOf('\0') < 0 && UTF_8.canEncode(line);
    }

    @Property(tries = 3000, shrinking = ShrinkingMode.OFF)
    void bothReadALineAlike(@ForAll("lines") String line) throws Exception {
        compare(line);
    }

    @Test
    void bothReadTheLinesAlikeThatAreSentAndThoseThatAreMeantToBreakIt() throws Exception {
        Stream<String> broken = Stream.of("", " ", "mpx", "mpx status \u0001", "mpx \u001b[31mstop", "mpx " + "x".repeat(61), "mpx " + "é".repeat(60), "mpx 'a\nb'",
                "mpx status --home \u2003", "mpx status --home '\t'", "mpx ensure --guest --home \"a\\$b\\c\\\"d\"", "mpx status \\\n--json", "mpx \"st\\\natus\"", "mpx \"status", "mpx 'status", "mpx status\\",
                "sh -c 'x' mpx status", "sh -c '' mpx connect --guest --home ''\\''a b'\\'''", "'mpx' \"status\"", "mpx\u00a0status", "\tmpx\tstatus\t", "A=b mpx status", "'A=b' mpx status", "mpx status --home a=b%c");
        for (String line : broken.toList()) {
            compare(line);
        }
    }

    private static void compare(String line) throws IOException, InterruptedException {
        ShimProgram.NATIVE.assumePresent();
        assertThat(natively(line)).as(line).isEqualTo(byJava(line));
    }

    private static String byJava(String line) {
        try {
            GuestRequest request = GuestRequest.read(line);
            return request.kind().name().toLowerCase(Locale.ROOT) + " " + request.home() + " " + request.isJson();
        } catch (RefusedException refused) {
            return refused.getMessage();
        }
    }

    private static String natively(String line) throws IOException, InterruptedException {
        Outcome outcome = run(Path.of("/"), Map.of(), "where", "--guest", line);
        JsonValue json = JsonValue.parse(outcome.stdout().getBytes(StandardCharsets.UTF_8)).orElseThrow(() -> new AssertionError(outcome.toString()));
        Optional<String> refusal = json.get("error").flatMap(JsonValue::text);
        assertThat(outcome.status()).isEqualTo(refusal.isPresent() ? 1 : 0);
        return refusal.orElseGet(() -> json.get("kind").flatMap(JsonValue::text).orElseThrow() + " "
                + json.get("home").flatMap(JsonValue::text) + " " + json.get("json").orElseThrow().isTrue());
    }

    private static Outcome run(Path home, Map<String, String> more, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(ShimProgram.LAUNCHER.toString()));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).directory(home.toFile());
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.put("HOME", home.toString());
        environment.put("PATH", Path.of(System.getProperty("java.home"), "bin") + ":/usr/bin:/bin");
        environment.putAll(more);
        Path err = Files.createTempFile("mpx-guest", ".err");
        try {
            Process process = builder.redirectError(err.toFile()).start();
            process.getOutputStream().close();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Outcome(process.waitFor(), out, Files.readString(err));
        } finally {
            Files.delete(err);
        }
    }

    @Test
    @Timeout(120)
    void theCommandItselfAnswersAlikeWhereNothingRuns(@TempDir Path given) throws Exception {
        ShimProgram.NATIVE.assumePresent();
        Path home = given.toRealPath();
        Path other = home.resolve("other");
        List<List<String>> asked = List.of(List.of("mpx status"), List.of("mpx status --json"), List.of("mpx stop"), List.of(" "), List.of("mpx status --home " + other),
                List.of("mpx status --home " + home + "/x/../.mempalace"), List.of("mpx ensure --guest", "--home", other.toString()),
                List.of("mpx connect --guest --home " + other, "--home=" + other), List.of("mpx ensure --guest"),
                List.of("mpx status --home " + home, "--home", other.toString()));
        for (List<String> one : asked) {
            String[] words = Stream.concat(Stream.of("guest"), one.stream().skip(1)).toArray(String[]::new);
            Outcome natively = run(home, Map.of("SSH_ORIGINAL_COMMAND", one.get(0)), words);
            Outcome java = run(home, Map.of("SSH_ORIGINAL_COMMAND", one.get(0), "MPX_SHIM", "java"), words);
            assertThat(natively).as(one.toString()).isEqualTo(java);
            assertThat(natively.status()).as(natively.toString()).isBetween(1, 3);
        }
        assertThat(other).doesNotExist();
    }
}
