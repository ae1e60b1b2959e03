package dev.mpx.proxy.agents;

import java.util.List;

/**
 * An agent that is on this machine, and its configuration as it stands.
 *
 * @param files those of its files that are there, also where they say nothing of the palace
 */
public record FoundAgent(Agent agent, List<ConfigSurvey> files) {
    public FoundAgent {
        files = List.copyOf(files);
    }
}
