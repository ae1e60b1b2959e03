package dev.mpx.proxy.shim;

import dev.mpx.proxy.home.Environment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Starts daemons. Stateless. */
final class DaemonStarter {
    private DaemonStarter() {}

    /** Starts {@code mpx serve} for the target; the caller holds the home's {@link StartLock}. */
    static DetachedProcess start(Target target) throws NoDaemonException {
        String launcher = System.getProperty("mpx.launcher");
        if (launcher == null) {
            throw NoDaemonException.failed("mpx does not know its own launcher: start it as \"mpx\".");
        }
        List<String> command = new ArrayList<>(List.of(launcher));
        command.addAll(words(target));
        try {
            Map<String, String> more = absolutePaths(target.environment());
            if (target.relayed().isPresent()) {
                more.put("MPX_JAVA_OPTS", relayFlags(launcher));
            }
            return DetachedProcess.start(command, target.home().directory(), target.home().daemonLog(), more);
        } catch (IOException e) {
            throw NoDaemonException.failed(
                    "mpx could not start its daemon: " + e.getMessage() + ". Its log is " + target.home().daemonLog() + ".");
        }
    }

    /** A relay holds less than a daemon. The launcher gives it a daemon's flags; of two that say the same, the last counts. */
    private static String relayFlags(String launcher) throws IOException {
        Path flags = Path.of(launcher).resolveSibling("../lib/java/relay.flags");
        String users = System.getenv().getOrDefault("MPX_JAVA_OPTS", "");
        return Files.isReadable(flags) ? Files.readString(flags).strip() + " " + users : users;
    }

    /** What is behind {@code mpx} on the command line of the daemon, or the relay, that serves the target. */
    static List<String> words(Target target) {
        List<String> words = new ArrayList<>(List.of("serve", "--home", target.home().directory().toString()));
        if (target.relayed().isPresent()) {
            words.addAll(List.of("--relay", target.relayed().get().toString()));
            return words;
        }
        if (target.server().palace().isPresent()) {
            words.addAll(List.of("--palace-dir", target.server().palace().get().path().toString()));
        }
        words.add("--");
        words.addAll(target.server().argv());
        return words;
    }

    /** A palace named relative to the agent's directory must mean the same in the daemon's. */
    private static Map<String, String> absolutePaths(Environment environment) {
        Map<String, String> absolute = new HashMap<>();
        for (String name : List.of("MEMPALACE_PALACE_PATH", "MEMPALACE_PALACE", "MEMPAL_PALACE_PATH", "MEMPALACE_CONFIG_DIR")) {
            String value = System.getenv(name);
            if (value != null && !value.isBlank() && !value.startsWith("/") && !value.startsWith("~")) {
                absolute.put(name, environment.absolute(value).normalize().toString());
            }
        }
        return absolute;
    }
}
