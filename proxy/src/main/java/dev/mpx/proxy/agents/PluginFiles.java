package dev.mpx.proxy.agents;

import dev.mpx.proxy.agents.text.JsonDocument;
import dev.mpx.proxy.agents.text.Node;
import dev.mpx.proxy.agents.text.Unreadable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Files that plug-ins bring, and that their updates write anew: mpx names those that start the palace, and changes none. */
final class PluginFiles {
    /**
     * A plug-in's file that starts the palace's server or calls mempalace.
     *
     * @param servers its entries of servers, as they are found
     */
    record Found(Path file, List<ServerEntry> servers, List<String> hooks) {
        ConfigSurvey survey() {
            return new ConfigSurvey(file, servers.stream().map(ServerEntry::seen).toList(), List.of(), hooks, List.of(), Optional.empty(),
                    true);
        }
    }

    private static final Set<String> NAMES = Set.of(".mcp.json", "plugin.json", "hooks.json", "gemini-extension.json");
    private static final int DEEPEST = 8;
    private static final long LARGEST = 1 << 20;

    private PluginFiles() {}

    static List<Found> of(List<Path> directories) {
        List<Found> found = new ArrayList<>();
        for (Path directory : directories) {
            if (Files.isDirectory(directory)) {
                try (Stream<Path> files = Files.walk(directory, DEEPEST)) {
                    files.filter(file -> NAMES.contains(file.getFileName().toString()) && Files.isRegularFile(file)).sorted()
                            .forEach(file -> look(file).ifPresent(found::add));
                } catch (IOException | UncheckedIOException unreadable) {
                    // a plug-in that this user can't read is none that its agents use
                }
            }
        }
        return found;
    }

    private static Optional<Found> look(Path file) {
        try {
            if (Files.size(file) > LARGEST) {
                return Optional.empty();
            }
            String text = Files.readString(file, StandardCharsets.UTF_8);
            return text.contains("mempal") ? look(file, JsonDocument.parse(text)) : Optional.empty();
        } catch (IOException | Unreadable unusable) {
            return Optional.empty();
        }
    }

    private static Optional<Found> look(Path file, JsonDocument document) {
        List<ServerEntry> servers = new ArrayList<>();
        // .mcp.json of a plug-in may do without the table
        for (List<String> table : List.of(List.of("mcpServers"), List.<String>of())) {
            ServerEntry.in(document, List.of(table)).stream()
                    .filter(entry -> ServerLine.speaksOfPalace(entry.argv()))
                    .forEach(servers::add);
        }
        List<String> hooks = Hooks.in(document.root()).stream()
                .map(Hooks.Command::text)
                .map(Node.Text::value)
                .filter(HookCommand::callsMempalace)
                .toList();
        return servers.isEmpty() && hooks.isEmpty() ? Optional.empty() : Optional.of(new Found(file, servers, hooks));
    }
}
