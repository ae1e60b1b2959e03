package dev.mpx.proxy.cli;

import dev.mpx.framing.JsonValue;
import dev.mpx.proxy.home.Endpoint;
import dev.mpx.proxy.home.Home;
import dev.mpx.proxy.home.Unit;
import dev.mpx.proxy.shim.DaemonConnection;
import dev.mpx.proxy.shim.Discovery;
import dev.mpx.proxy.shim.SilentDaemonException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mpx status}: the daemon renders, this prints. Never starts a daemon. */
@Command(name = "status", mixinStandardHelpOptions = true,
        description = "Who is connected, what runs, how the server is. Exit status 0 well, 1 degraded, 3 no daemon.")
final class StatusCommand implements Callable<Integer> {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    @Mixin
    private ServerOptions server;

    @Option(names = "--json", description = "For programs.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        // Paths and names in it may hold any character, whatever the locale.
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Discovery discovery = new Discovery(server.home(), server.environment()).orRelay();
        Home home = discovery.home();
        Optional<DaemonConnection> running = discovery.find();
        if (running.isEmpty()) {
            String whose = discovery.relayed().map(endpoint -> "no relay to " + endpoint + " runs here")
                    .orElse("none answers for " + home.directory());
            String why = discovery.trouble().orElse(whose + " " + server.tried(discovery));
            return noDaemon(out, discovery, why, starts(discovery));
        }
        try (DaemonConnection connection = running.get()) {
            return print(out, connection.ask("mpx-status", "mpx/status", params(), LIMIT));
        } catch (SilentDaemonException silent) {
            return noDaemon(out, discovery, "it takes connections but has not answered for " + LIMIT.toSeconds() + " s " + server.tried(discovery),
                    discovery.isElsewhere() ? "if it hangs, replace it with \"mpx restart\" where it lives"
                            : advice(discovery, "if it hangs, this replaces it: ", "restart"));
        } catch (IOException gone) {
            String why = discovery.endpoint().filter(Endpoint.Tcp.class::isInstance).isPresent()
                    ? "it hung up, since it is just leaving or the token is not its own "
                    : "it is just leaving ";
            return noDaemon(out, discovery, why + server.tried(discovery), starts(discovery));
        }
    }

    private String starts(Discovery discovery) {
        return discovery.isPrescribed()
                ? "that endpoint is set by --endpoint, MEMPALACE_BROKER or mpx.toml: start that daemon with \"mpx ensure\" where it lives"
                : discovery.isElsewhere()
                ? "broker.json there was written by a daemon under another kernel: start that with \"mpx ensure\" on its machine"
                : advice(discovery, "this starts it: ", "ensure");
    }

    /** The service's own command where one keeps the daemon, which starts it in any case. */
    private String advice(Discovery discovery, String that, String command) {
        Optional<Unit> unit = Unit.of(discovery.home());
        return unit.map(one -> "the service " + one.name() + " keeps it; " + that + one.restart())
                .orElseGet(() -> that + server.hint(command));
    }

    private int noDaemon(PrintStream out, Discovery discovery, String why, String helps) {
        if (json) {
            out.println("{\"daemon\":null}");
        }
        String reason = why.endsWith(".") ? why.substring(0, why.length() - 1) : why; // the sentence goes on
        String log = discovery.isElsewhere() ? "" : ". Its log, if it ever ran, is " + discovery.home().daemonLog();
        System.err.println("mpx: no daemon: " + reason + log + "; " + helps);
        return ExitStatus.NO_DAEMON;
    }

    private String params() {
        return "{\"format\":\"" + (json ? "json" : "text") + "\",\"width\":" + TerminalWidth.ofStandardOutput() + "}";
    }

    private int print(PrintStream out, JsonValue answer) {
        Optional<JsonValue> result = answer.get("result");
        if (result.isEmpty()) {
            System.err.println("mpx: the daemon gave no status: "
                    + answer.at("error", "message").flatMap(JsonValue::text).orElse("it answered " + answer));
            return ExitStatus.DEGRADED;
        }
        if (json) {
            out.println(result.get().get("status").map(JsonValue::toString).orElse("{}"));
        } else {
            out.println(result.get().get("text").flatMap(JsonValue::text).orElse("").stripTrailing());
        }
        return isWell(result.get()) ? ExitStatus.WELL : ExitStatus.DEGRADED;
    }

    /** A daemon that is not well says {@code "well": false}, in the result or in the status. */
    private static boolean isWell(JsonValue result) {
        Optional<JsonValue> well = result.get("well").or(() -> result.at("status", "well"));
        return well.isEmpty() || well.get().isTrue();
    }
}
