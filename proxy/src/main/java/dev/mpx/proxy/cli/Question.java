package dev.mpx.proxy.cli;

import dev.mpx.framing.JsonValue;
import dev.mpx.proxy.home.HomeException;
import dev.mpx.proxy.shim.DaemonConnection;
import dev.mpx.proxy.shim.Discovery;
import dev.mpx.proxy.shim.SilentDaemonException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** One question to the daemon that runs; none is started for it. */
final class Question {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private Question() {}

    /** What is done with the answer, while the connection is open. @return the exit status */
    interface Answered {
        int with(JsonValue result, DaemonConnection connection) throws IOException;
    }

    /** Says why on standard error where there is no answer. @return the exit status */
    static int ask(ServerOptions server, String method, String params, Answered then) {
        Discovery discovery = new Discovery(server.home(), server.environment()).orRelay();
        Optional<DaemonConnection> running = discovery.find();
        if (running.isEmpty()) {
            return none(NoDaemon.absent(discovery, server));
        }
        try (DaemonConnection connection = running.get()) {
            JsonValue answer = connection.ask("mpx-question", method, params, LIMIT);
            Optional<JsonValue> result = answer.get("result");
            if (result.isEmpty()) {
                throw new HomeException(answer.at("error", "message").flatMap(JsonValue::text).orElse("The daemon answered " + answer));
            }
            return then.with(result.get(), connection);
        } catch (SilentDaemonException silent) {
            return none(NoDaemon.silent(discovery, server, LIMIT));
        } catch (IOException gone) {
            return none(NoDaemon.gone(discovery, server));
        }
    }

    private static int none(NoDaemon none) {
        System.err.print(NoDaemonScreen.text(none, OutputTerminal.UNLIMITED));
        return ExitStatus.NO_DAEMON;
    }
}
