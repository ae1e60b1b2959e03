package dev.mpx.proxy.agents;

import dev.mpx.proxy.agents.text.ConfigText;
import dev.mpx.proxy.agents.text.Unreadable;
import dev.mpx.proxy.home.Environment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What it takes for agents to start mpx in place of the palace's server. Plans only; reads files. */
public final class Installing {
    /** What the entry is called where there is none yet. */
    private static final String NAME = "mempalace";
    private static final String ADVICE = "its updates write that file anew, so mpx leaves it alone; ";

    private final Environment environment;
    private final MpxProgram mpx;
    private final AgentPlaces places;
    private final ServerLine line;
    private final Ledger ledger;

    public Installing(Environment environment, MpxProgram mpx) {
        this.environment = environment;
        this.mpx = mpx;
        this.places = new AgentPlaces(environment);
        this.line = new ServerLine(environment, mpx);
        this.ledger = new Ledger(environment);
    }

    /** @param chosen these, here or not; if there are none, all that are here */
    public List<AgentPlan> plan(Set<Agent> chosen) {
        return Arrays.stream(Agent.values())
                .filter(agent -> chosen.isEmpty() ? places.isHere(agent) : chosen.contains(agent))
                .map(this::plan)
                .toList();
    }

    /** A file that could be read. */
    private record Read(ConfigPlace place, ConfigFile config, ConfigText document, FilePlanner planner) {}

    private AgentPlan plan(Agent agent) {
        List<String> notes = new ArrayList<>();
        List<String> failures = new ArrayList<>();
        List<Read> files = new ArrayList<>();
        for (ConfigPlace place : places.of(agent)) {
            try {
                ConfigFile config = ConfigFile.read(place.file());
                if (config.bytes().isPresent() || place.scope() == ConfigPlace.Scope.USER) {
                    files.add(read(place, config));
                }
            } catch (Unreadable e) {
                failures.add(place.file() + " can't be read: line " + e.line() + ", column " + e.column() + ": " + e.getMessage()
                        + ". It was left alone; correct it and run this again.");
            } catch (IOException e) {
                failures.add(place.file() + " can't be read: " + Reason.of(e, place.file()) + ". It was left alone.");
            }
        }
        boolean hasPalace = plugins(agent, notes) || files.stream().anyMatch(file -> file.planner().hasPalace());
        List<FileEdit> edits = new ArrayList<>();
        for (Read file : files) {
            notes.addAll(file.planner().notes().stream().map(note -> "in " + file.place().file() + ", " + note).toList());
            try {
                // what could not be read may have the entry
                if (!hasPalace && failures.isEmpty() && file.place().scope() == ConfigPlace.Scope.USER) {
                    add(agent, file, notes);
                }
                edit(agent, file, edits, failures);
            } catch (Unreadable e) {
                failures.add(file.place().file() + " was left alone: line " + e.line() + ", column " + e.column() + ": " + e.getMessage()
                        + ".");
            } catch (IOException e) {
                failures.add(file.place().file() + " was left alone: " + Reason.of(e, file.place().file()) + ".");
            }
        }
        return new AgentPlan(agent, edits, notes, failures);
    }

    private Read read(ConfigPlace place, ConfigFile config) throws Unreadable {
        ConfigText document = config.parse(place.language());
        FilePlanner planner = new FilePlanner(document, line, new HookCommand(environment, mpx)).servers(place.tables());
        return new Read(place, config, document, place.hasHooks() ? planner.hooks() : planner);
    }

    /** @return whether one of them starts the palace's server */
    private boolean plugins(Agent agent, List<String> notes) {
        boolean hasServer = false;
        for (PluginFiles.Found plugin : PluginFiles.of(places.pluginDirectories(agent))) {
            hasServer |= !plugin.servers().isEmpty();
            if (!plugin.servers().isEmpty()) {
                notes.add(plugin.file() + " of a plug-in starts the palace's server itself: " + ADVICE
                        + "./install.sh --replace puts mpx in the place of mempalace-mcp for it");
            }
            if (!plugin.hooks().isEmpty()) {
                notes.add(plugin.file() + " of a plug-in has hooks that call mempalace: " + ADVICE
                        + "./install.sh --replace-mempalace puts mpx in the place of mempalace for them");
            }
        }
        return hasServer;
    }

    private void add(Agent agent, Read file, List<String> notes) throws Unreadable {
        List<String> path = ServerEntry.with(file.place().table(), NAME);
        if (file.document().root().at(path).isPresent()) {
            notes.add("in " + file.place().file() + ", " + String.join(".", path) + " is there and starts no command that mpx knows,"
                    + " so none was added. If it reaches a palace by URL, that server is not shared by mpx.");
        } else {
            file.planner().add(file.place().table(), NAME, entry(agent));
        }
    }

    /** As each agent writes its own. */
    private Map<String, Object> entry(Agent agent) {
        Map<String, Object> entry = new LinkedHashMap<>();
        switch (agent) {
            case CLAUDE, VSCODE -> {
                entry.put("type", "stdio");
                entry.put("command", mpx.path());
            }
            case COPILOT -> {
                entry.put("type", "local");
                entry.put("command", mpx.path());
                entry.put("args", List.of());
                entry.put("tools", List.of("*"));
            }
            case OPENCODE -> {
                entry.put("type", "local");
                entry.put("command", List.of(mpx.path()));
                entry.put("environment", Map.of());
                entry.put("enabled", true);
            }
            case GEMINI, CODEX, CURSOR, PI -> entry.put("command", mpx.path());
        }
        return entry;
    }

    private void edit(Agent agent, Read file, List<FileEdit> edits, List<String> failures) throws IOException, Unreadable {
        FilePlanner planner = file.planner();
        if (planner.changes().isEmpty()) {
            return;
        }
        byte[] content = planner.result();
        String obstacle = file.config().obstacle().orElse("");
        if (obstacle.isEmpty()) {
            boolean isPrivate = file.place().scope() != ConfigPlace.Scope.PROJECT;
            edits.add(new InstallEdit(agent, file.config(), content, planner.changes(), planner.summary(), isPrivate, ledger));
        } else {
            failures.add(file.place().file() + " was left alone: " + obstacle + ". To be done there: "
                    + String.join("; ", planner.summary()) + ".");
        }
    }
}
