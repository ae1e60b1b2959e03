package dev.mpx.proxy.cli;

import dev.mpx.framing.JsonValue;
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
     * @param watched whether it is drawn by {@link StatusWatch}
     */
    record Wanted(boolean json, boolean colors, boolean all, int width, boolean watched) {
        String params() {
            return "{\"format\":\"" + (json ? "json" : "text") + "\",\"width\":" + width
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
            return none(NoDaemon.absent(discovery, server));
        }
        try (DaemonConnection connection = running.get()) {
            return view(connection.ask("mpx-status", "mpx/status", wanted.params(), LIMIT));
        } catch (SilentDaemonException silent) {
            return none(NoDaemon.silent(discovery, server, LIMIT));
        } catch (IOException gone) {
            return none(NoDaemon.left(discovery, server));
        }
    }

    private StatusView none(NoDaemon none) {
        return NoDaemonScreen.of(none, wanted.json(), wanted.watched() ? wanted.width() : OutputTerminal.UNLIMITED);
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
