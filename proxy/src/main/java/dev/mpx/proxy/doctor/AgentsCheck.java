package dev.mpx.proxy.doctor;

import java.util.List;

/** The agents' own configurations: whether one still starts the bare server. */
final class AgentsCheck implements Check {
    @Override
    public String name() {
        return "agents";
    }

    @Override
    public List<Finding> look(Patient patient) {
        return List.of(Finding.ok("not looked at"));
    }
}
