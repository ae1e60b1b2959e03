package dev.mpx.proxy.agents;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What one file of an agent's configuration says of the palace.
 *
 * @param file the file as the agent names it
 * @param bare entries that start a server of their own, beside the daemon
 * @param shared entries that start mpx for the palace
 * @param hooks commands of hooks that call {@code mempalace} itself, beside the daemon
 * @param repeated what is there more than once where once is meant, in sentences without a full stop
 * @param fault why the file could not be read; all lists are empty then
 * @param isPlugin whether it is of a plug-in, which {@code mpx install} does not change: {@code install.sh --replace-mempalace} helps
 */
public record ConfigSurvey(
        Path file, List<Entry> bare, List<Entry> shared, List<String> hooks, List<String> repeated, Optional<Fault> fault,
        boolean isPlugin) {
    /**
     * A server's entry.
     *
     * @param name where it stands, as {@code mcpServers.mempalace}
     * @param command what it starts, program first
     */
    public record Entry(String name, List<String> command) {
        public Entry {
            command = List.copyOf(command);
        }
    }

    /**
     * What is wrong with a file.
     *
     * @param line from 1; 0 if the file could not be read at all
     * @param column from 1; 0 likewise
     */
    public record Fault(int line, int column, String what) {}

    public ConfigSurvey {
        bare = List.copyOf(bare);
        shared = List.copyOf(shared);
        hooks = List.copyOf(hooks);
        repeated = List.copyOf(repeated);
    }
}
