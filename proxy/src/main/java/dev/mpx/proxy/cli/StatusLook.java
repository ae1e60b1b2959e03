package dev.mpx.proxy.cli;

import dev.mpx.framing.JsonValue;
import dev.mpx.proxy.home.Endpoint;
import dev.mpx.proxy.home.Unit;
import dev.mpx.proxy.shim.DaemonConnection;
import dev.mpx.proxy.shim.Discovery;
import dev.mpx.proxy.shim.SilentDaemonException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** One look at the daemon: it is found and asked, never started. */
final class StatusLook {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    /**
     * How the status is to be written.
     *
     * @param rows that it should take at most; 0: any number
     */
    record Wanted(boolean json, boolean colors, boolean all, int width, int rows) {
        String params() {
            return "{\"format\":\"" + (json ? "json" : "text") + "\",\"width\":" + width + (rows > 0 ? ",\"rows\":" + rows : "")
                    + (colors ? ",\"color\":true" : "") + (all ? ",\"all\":true" : "") + "}";
        }
    }

    private final ServerOptions server;
    private final Wanted wanted;

    StatusLook(ServerOptions server, Wanted wanted) {
        this.server = server;
        this.wanted = wanted;
    }

    StatusView take() {
        Discovery discovery = new Discovery(server.home(), server.environment()).orRelay();
        Optional<DaemonConnection> running = discovery.find();
        if (running.isEmpty()) {
            String whose = discovery.relayed().map(endpoint -> "no relay to " + endpoint + " runs here")
                    .orElse("none answers for " + discovery.home().directory());
            return none(discovery, discovery.trouble().orElse(whose + " " + server.tried(discovery)), starts(discovery));
        }
        try (DaemonConnection connection = running.get()) {
            return view(connection.ask("mpx-status", "mpx/status", wanted.params(), LIMIT));
        } catch (SilentDaemonException silent) {
            return none(discovery, "it takes connections but has not answered for " + LIMIT.toSeconds() + " s " + server.tried(discovery),
                    discovery.isElsewhere() ? "if it hangs, replace it with \"mpx restart\" where it lives"
                            : advice(discovery, "if it hangs, this replaces it: ", "restart"));
        } catch (IOException gone) {
            String why = discovery.endpoint().filter(Endpoint.Tcp.class::isInstance).isPresent()
                    ? "it hung up, since it is just leaving or the token is not its own "
                    : "it is just leaving ";
            return none(discovery, why + server.tried(discovery), starts(discovery));
        }
    }

    private StatusView none(Discovery discovery, String why, String advice) {
        return NoDaemonScreen.of(discovery, why, advice, wanted.json());
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

    private StatusView view(JsonValue answer) {
        Optional<JsonValue> result = answer.get("result");
        if (result.isEmpty()) {
            return new StatusView(ExitStatus.DEGRADED, "", "mpx: the daemon gave no status: "
                    + answer.at("error", "message").flatMap(JsonValue::text).orElse("it answered " + answer) + "\n");
        }
        String text = wanted.json()
                ? result.get().get("status").map(JsonValue::toString).orElse("{}")
                : result.get().get("text").flatMap(JsonValue::text).orElse("").stripTrailing();
        return new StatusView(isWell(result.get()) ? ExitStatus.WELL : ExitStatus.DEGRADED, text + "\n", "");
    }

    /** A daemon that is not well says {@code "well": false}, in the result or in the status. */
    private static boolean isWell(JsonValue result) {
        Optional<JsonValue> well = result.get("well").or(() -> result.at("status", "well"));
        return well.isEmpty() || well.get().isTrue();
    }
}
