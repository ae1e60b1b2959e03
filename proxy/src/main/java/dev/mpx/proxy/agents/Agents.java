package dev.mpx.proxy.agents;

import dev.mpx.proxy.agents.text.ConfigText;
import dev.mpx.proxy.agents.text.Unreadable;
import dev.mpx.proxy.home.Environment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A look at the agents of this machine. Stateless; blocks for reading files; writes nothing. */
public final class Agents {
    private Agents() {}

    /** The agents that are here, and what each file of their configuration says of the palace. */
    public static List<FoundAgent> survey(Environment environment) {
        AgentPlaces places = new AgentPlaces(environment);
        return Arrays.stream(Agent.values())
                .filter(places::isHere)
                .map(agent -> new FoundAgent(agent, files(agent, places, environment)))
                .toList();
    }

    private static List<ConfigSurvey> files(Agent agent, AgentPlaces places, Environment environment) {
        ServerLine line = new ServerLine(environment, MpxProgram.find(environment));
        List<ConfigSurvey> files = new ArrayList<>();
        places.of(agent).forEach(place -> look(place, line).ifPresent(files::add));
        PluginFiles.of(places.pluginDirectories(agent)).forEach(file -> files.add(file.survey()));
        return files;
    }

    private static Optional<ConfigSurvey> look(ConfigPlace place, ServerLine line) {
        Path file = place.file();
        try {
            ConfigFile config = ConfigFile.read(file);
            return config.bytes().isEmpty() ? Optional.empty() : Optional.of(look(place, config.parse(place.language()), line));
        } catch (Unreadable e) {
            return Optional.of(faulty(file, new ConfigSurvey.Fault(e.line(), e.column(), e.getMessage())));
        } catch (IOException e) {
            return Optional.of(faulty(file, new ConfigSurvey.Fault(0, 0, Reason.of(e))));
        }
    }

    private static ConfigSurvey faulty(Path file, ConfigSurvey.Fault fault) {
        return new ConfigSurvey(file, List.of(), List.of(), List.of(), List.of(), Optional.of(fault), false);
    }

    private static ConfigSurvey look(ConfigPlace place, ConfigText document, ServerLine line) {
        List<ConfigSurvey.Entry> bare = new ArrayList<>();
        List<ConfigSurvey.Entry> shared = new ArrayList<>();
        for (ServerEntry entry : ServerEntry.in(document, place.tables())) {
            ServerLine.Kind kind = line.kind(entry.argv());
            if (kind == ServerLine.Kind.BARE) {
                bare.add(entry.seen());
            } else if (kind != ServerLine.Kind.OTHER) {
                shared.add(entry.seen());
            }
        }
        List<String> hooks = !place.hasHooks() ? List.of() : Hooks.in(document.root()).stream()
                .map(hook -> hook.text().value())
                .filter(HookCommand::callsMempalace)
                .toList();
        List<String> repeated = Repetition.in(document, place.tables(), line).stream().map(Repetition::sentence).toList();
        return new ConfigSurvey(place.file(), bare, shared, hooks, repeated, Optional.empty(), false);
    }
}
