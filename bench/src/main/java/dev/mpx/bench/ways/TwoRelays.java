package dev.mpx.bench.ways;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Two plain byte relays (socat) between each agent and a server of its own: the hops of mpx without its work. */
public final class TwoRelays implements Way {
    public static final String NAME = "socat";
    private static final int MOST = 256;
    private static final int BACKLOG = 256;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int mostSessions() {
        return MOST;
    }

    @Override
    public Stand open(Workshop workshop) {
        Path home = workshop.directory("socat");
        Path socket = home.resolve("s");
        Process listener = workshop.start(home, List.of("socat",
                "UNIX-LISTEN:" + socket + ",fork,backlog=" + BACKLOG, "EXEC:" + workshop.child()));
        Workshop.awaitThat("waited for socat's socket", () -> Files.exists(socket));
        return workshop.watch(new Stand() {
            @Override
            public List<String> command() {
                return List.of("socat", "STDIO", "UNIX-CONNECT:" + socket);
            }

            @Override
            public Map<String, String> environment() {
                return workshop.environment(home);
            }

            @Override
            public List<Long> roots() {
                return List.of(listener.pid());
            }

            @Override
            public void close() {
                workshop.forget(this);
                Workshop.end(listener);
            }
        });
    }
}
