package dev.mpx.proxy.doctor;

import dev.mpx.proxy.agents.Agents;
import dev.mpx.proxy.agents.ConfigSurvey;
import dev.mpx.proxy.agents.FoundAgent;
import dev.mpx.proxy.home.ShellWords;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The agents' own configurations: whether one still starts the bare server, and whether their hooks write to the palace beside it. */
final class AgentsCheck implements Check {
    @Override
    public String name() {
        return "agents";
    }

    @Override
    public List<Finding> look(Patient patient) {
        List<FoundAgent> agents = Agents.survey(patient.environment());
        List<Finding> findings = new ArrayList<>();
        List<String> through = new ArrayList<>();
        for (FoundAgent agent : agents) {
            String name = agent.agent().name().toLowerCase(Locale.ROOT);
            agent.files().forEach(file -> look(name, file, findings));
            if (agent.files().stream().anyMatch(file -> !file.shared().isEmpty())) {
                through.add(name);
            }
        }
        findings.add(0, Finding.ok(agents.isEmpty() ? "none are here" : through.isEmpty() ? "none of " + agents.size() + " goes through mpx"
                : String.join(", ", through) + (through.size() == 1 ? " goes" : " go") + " through mpx"));
        return findings;
    }

    private static void look(String agent, ConfigSurvey file, List<Finding> findings) {
        String help = file.isPlugin() ? "./install.sh --replace-mempalace   # a plug-in's own file would be written anew by its next update"
                : "mpx install --agent " + agent;
        for (ConfigSurvey.Entry entry : file.bare()) {
            findings.add(Finding.fault(agent + " still starts the bare server: " + entry.name() + " in " + file.file() + " is \""
                            + Processes.shortened(ShellWords.join(entry.command())) + "\"",
                    "Each session of it opens the palace beside mpx: two writers corrupt it.", help));
        }
        for (String hook : file.hooks()) {
            findings.add(Finding.warn("a hook of " + agent + " calls mempalace itself: \"" + Processes.shortened(hook) + "\" in "
                    + file.file(),
                    "It writes to the palace while the server does.", help));
        }
        file.repeated().forEach(repeated -> findings.add(Finding.note("in " + file.file() + ", " + repeated,
                "What " + agent + " writes there may change another one than it reads.")));
        file.fault().ifPresent(fault -> findings.add(Finding.warn(
                file.file() + " can't be read" + (fault.line() > 0 ? ", line " + fault.line() + ", column " + fault.column() : "") + ": "
                        + fault.what(),
                "Whether " + agent + " goes through mpx can't be told, and mpx install leaves the file alone.", "correct the file")));
    }
}
