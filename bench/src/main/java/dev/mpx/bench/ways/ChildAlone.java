package dev.mpx.bench.ways;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A server for each agent, on the agent's own pipes: as it is without any of the others. */
public final class ChildAlone implements Way {
    public static final String NAME = "child";
    private static final int MOST = 256;

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
        Path home = workshop.directory("child");
        return new Stand() {
            @Override
            public List<String> command() {
                return List.of(workshop.child().toString());
            }

            @Override
            public Map<String, String> environment() {
                return workshop.environment(home);
            }

            @Override
            public List<Long> roots() {
                return List.of();
            }

            @Override
            public void close() {}
        };
    }
}
