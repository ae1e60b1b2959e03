package dev.mpx.proxy.cli;

import dev.mpx.framing.JsonValue;
import dev.mpx.proxy.status.Plain;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code mpx metrics}: the daemon measures and renders, this prints. */
@Command(name = "metrics", mixinStandardHelpOptions = true, description = "What the daemon counts and measures, as Prometheus reads it.")
final class MetricsCommand implements Callable<Integer> {
    @Mixin
    private ServerOptions server;

    @Override
    public Integer call() {
        return Question.ask(server, "mpx/metrics", "{}", (result, connection) -> {
            PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
            out.print(Plain.lines(result.get("text").flatMap(JsonValue::text).orElse("")));
            out.flush();
            return ExitStatus.WELL;
        });
    }
}
