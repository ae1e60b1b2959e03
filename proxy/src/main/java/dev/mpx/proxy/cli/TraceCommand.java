package dev.mpx.proxy.cli;

import dev.mpx.framing.JsonValue;
import dev.mpx.proxy.shim.DaemonConnection;
import dev.mpx.proxy.status.Plain;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code mpx trace}: the daemon keeps and renders, this prints. */
@Command(name = "trace", mixinStandardHelpOptions = true,
        description = "The latest calls, one JSON line each: who, which tool, how long, how large, how it ended.")
final class TraceCommand implements Callable<Integer> {
    @Mixin
    private ServerOptions server;

    @Option(names = {"-f", "--follow"}, description = "Go on with each call that ends from now on.")
    private boolean follow;

    @Option(names = "--payloads", description = "With -f: what was said, too (params and result, cut at 16 KiB). It may be private.")
    private boolean payloads;

    @Option(names = {"-n", "--last"}, paramLabel = "CALLS", description = "How many of the latest; all that are kept (256) if not given.")
    private Optional<Integer> last = Optional.empty();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (payloads && !follow) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--payloads needs -f: what was said in calls is not kept.");
        }
        String params = "{\"follow\":" + follow + ",\"payloads\":" + payloads
                + last.map(calls -> ",\"last\":" + Math.max(0, calls)).orElse("") + "}";
        return Question.ask(server, "mpx/trace", params, this::print);
    }

    private int print(JsonValue result, DaemonConnection connection) throws IOException {
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        for (JsonValue call : result.get("calls").map(JsonValue::elements).orElse(List.of())) {
            out.println(Plain.json(call.toString()));
        }
        out.flush();
        while (follow && !out.checkError()) {
            JsonValue line = connection.next();
            line.get("params").ifPresent(call -> out.println(Plain.json(call.toString())));
        }
        return ExitStatus.WELL;
    }
}
