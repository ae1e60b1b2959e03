package dev.mpx.proxy.cli;

import dev.mpx.framing.JsonValue;
import dev.mpx.proxy.home.Environment;
import dev.mpx.proxy.home.Home;
import dev.mpx.proxy.shim.DaemonConnection;
import dev.mpx.proxy.shim.Discovery;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code mpx stop}. */
@Command(name = "stop", mixinStandardHelpOptions = true, description = "End the daemon and its server, and wait until they are gone.")
final class StopCommand implements Callable<Integer> {
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);
    /** Calls that run are let finish, then the child has its grace periods. */
    private static final Duration END_LIMIT = Duration.ofSeconds(120);

    @Mixin
    private ServerOptions server;

    @Override
    public Integer call() throws IOException {
        Home home = server.home();
        Optional<DaemonConnection> running = new Discovery(home, Environment.ofProcess()).find();
        if (running.isEmpty()) {
            System.err.println("mpx: no daemon runs for " + home.directory() + ".");
            return ExitStatus.NO_DAEMON;
        }
        try (DaemonConnection connection = running.get()) {
            JsonValue answer = connection.ask("mpx-stop", "mpx/stop", "{}", ANSWER_LIMIT);
            Optional<JsonValue> error = answer.get("error");
            if (error.isPresent()) {
                System.err.println("mpx: the daemon won't stop: "
                        + error.get().get("message").flatMap(JsonValue::text).orElse(error.get().toString()));
                return ExitStatus.DEGRADED;
            }
            if (!connection.awaitEnd(END_LIMIT)) {
                System.err.println("mpx: the daemon is still not gone after " + END_LIMIT.toSeconds() + " s. Its log is "
                        + home.daemonLog() + ".");
                return ExitStatus.DEGRADED;
            }
            return ExitStatus.WELL;
        } catch (java.io.EOFException leaving) {
            return ExitStatus.WELL;
        } catch (IOException e) {
            System.err.println("mpx: the daemon can't be told to stop: " + e.getMessage() + ". Its log is " + home.daemonLog() + ".");
            return ExitStatus.DEGRADED;
        }
    }
}
