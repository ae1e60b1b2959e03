package dev.mpx.proxy.cli;

import dev.mpx.proxy.agents.Agent;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The option that says whose configuration is meant. */
final class AgentChoice {
    private static final String ALL = "all";

    /** What completion offers. */
    static final class Names implements Iterable<String> {
        @Override
        public java.util.Iterator<String> iterator() {
            return Stream.concat(Agent.ids().stream(), Stream.of(ALL)).iterator();
        }
    }

    @Option(names = "--agent", paramLabel = "AGENT", split = ",", completionCandidates = Names.class,
            description = "One of: ${COMPLETION-CANDIDATES}. Several with commas, or the option again; without it, all that are here.")
    private List<String> names = List.of();

    boolean isGiven() {
        return !names.isEmpty();
    }

    /** Those that were named; none if all are meant. */
    Set<Agent> chosen(CommandLine line) {
        Set<Agent> chosen = EnumSet.noneOf(Agent.class);
        for (String name : names) {
            if (!name.equals(ALL)) {
                chosen.add(Agent.of(name).orElseThrow(() -> new CommandLine.ParameterException(line,
                        "mpx knows no agent \"" + name + "\". It knows: " + String.join(", ", Agent.ids()) + ", " + ALL + ".")));
            }
        }
        return Arrays.asList(names.toArray()).contains(ALL) ? Set.of() : chosen;
    }
}
