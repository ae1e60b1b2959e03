package dev.mpx.proxy.palace;

import dev.mpx.proxy.mux.HeldAnswer;
import dev.mpx.proxy.mux.ServerTraits;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** MemPalace, as it was measured: 3.3.6 to 3.11. */
public final class PalaceProfile {
    /** Its tools have no annotations; these only read. Everything else, and every unknown tool, counts as a write. */
    private static final Set<String> READS = Stream.of(
                    "status",
                    "list_wings",
                    "list_rooms",
                    "get_taxonomy",
                    "get_aaak_spec",
                    "kg_query",
                    "kg_timeline",
                    "kg_stats",
                    "traverse",
                    "find_tunnels",
                    "list_tunnels",
                    "follow_tunnels",
                    "graph_stats",
                    "search",
                    "check_duplicate",
                    "get_drawer",
                    "list_drawers",
                    "diary_read")
            .map(tool -> "mempalace_" + tool)
            .collect(Collectors.toUnmodifiableSet());

    /** How it says that another writer holds the palace and nothing was written: from 3.5, and before. */
    private static final List<HeldAnswer> HELD = List.of(
            new HeldAnswer.InError(-32001, "failure_kind", "peer_contention", "Peer MCP writer active", "reason"),
            new HeldAnswer.InText(Pattern.compile("^palace .* is held by ")));

    /** It answers in order, so one call at a time loses nothing; it asks nothing of clients; its tools never change. */
    public static final ServerTraits TRAITS = new ServerTraits("mempalace", 1, Optional.of("{}"), true, READS, HELD);

    /**
     * For its process, unless the user has set them: the daemon decides when it ends, not eight idle hours, and it
     * must open the palace itself, not forward to a hub that may open it a second time.
     */
    public static final Map<String, String> ENVIRONMENT =
            Map.of("MEMPALACE_MCP_IDLE_HOURS", "0", "MEMPALACE_HUB_FORWARD", "0");

    private PalaceProfile() {}
}
