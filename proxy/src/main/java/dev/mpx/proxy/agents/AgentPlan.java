package dev.mpx.proxy.agents;

import java.util.List;

/**
 * What is to be done for one agent.
 *
 * @param edits the files to change
 * @param notes what is left to the user, in sentences
 * @param failures what can't be done, in sentences
 */
public record AgentPlan(Agent agent, List<FileEdit> edits, List<String> notes, List<String> failures) {
    public AgentPlan {
        edits = List.copyOf(edits);
        notes = List.copyOf(notes);
        failures = List.copyOf(failures);
    }
}
