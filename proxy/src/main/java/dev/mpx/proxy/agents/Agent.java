package dev.mpx.proxy.agents;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The agents whose configurations mpx knows. */
public enum Agent {
    CLAUDE("claude", "Claude Code"),
    GEMINI("gemini", "Gemini CLI"),
    COPILOT("copilot", "Copilot CLI"),
    OPENCODE("opencode", "opencode"),
    CODEX("codex", "Codex"),
    CURSOR("cursor", "Cursor"),
    VSCODE("vscode", "VS Code"),
    PI("pi", "pi");

    private final String id;
    private final String label;

    Agent(String id, String label) {
        this.id = id;
        this.label = label;
    }

    /** The word for it on the command line. */
    public String id() {
        return id;
    }

    /** Its name for people. */
    public String label() {
        return label;
    }

    /** The agent of that word. */
    public static Optional<Agent> of(String id) {
        return Arrays.stream(values()).filter(agent -> agent.id.equals(id)).findFirst();
    }

    /** Every word. */
    public static List<String> ids() {
        return Arrays.stream(values()).map(Agent::id).toList();
    }
}
