package dev.mpx.proxy.daemon;

import dev.mpx.framing.JsonValue;
import dev.mpx.proxy.shim.ShimProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the native program says of the rules that both it and Java have: {@code mpx where --jobs}. */
final class NativeRules {
    private NativeRules() {}

    static JsonValue ask(Path directory, Map<String, String> variables, List<String> words) throws IOException, InterruptedException {
        ShimProgram.NATIVE.assumePresent();
        List<String> command = new ArrayList<>(List.of(ShimProgram.LAUNCHER.toString(), "where", "--jobs"));
        command.addAll(words);
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile()).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().clear();
        builder.environment().putAll(variables);
        Process process = builder.start();
        process.getOutputStream().close();
        byte[] line = process.getInputStream().readAllBytes();
        if (process.waitFor() != 0) {
            throw new IOException("no answer to " + words);
        }
        return JsonValue.parse(line).orElseThrow();
    }
}
