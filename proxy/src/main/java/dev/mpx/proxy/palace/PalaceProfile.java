package dev.mpx.proxy.palace;

import dev.mpx.proxy.mux.HeldAnswer;
import dev.mpx.proxy.mux.LongPoll;
import dev.mpx.proxy.mux.ServerTraits;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** MemPalace, as it was measured: 3.3.6 to 3.11. */
public final class PalaceProfile {
    /**
     * These only read. Everything else, and every unknown tool, counts as a write. None is annotated up to 3.6, and of
     * the later ones some are not. {@code memories_filed_away} is none of them (it takes its note away), nor is
     * {@code reconnect}.
     */
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
                    "list_hallways",
                    "mesh_peers",
                    "search",
                    "check_duplicate",
                    "get_drawer",
                    "get_drawers",
                    "list_drawers",
                    "diary_read",
                    "event_list",
                    "event_wait",
                    "artifact_get")
            .map(tool -> "mempalace_" + tool)
            .collect(Collectors.toUnmodifiableSet());

    /**
     * How it says that another writer holds the palace and nothing was written: from 3.5, and before. The tools for
     * mining and pruning put words before it; they take the lock before they begin.
     */
    private static final List<HeldAnswer> HELD = List.of(
            new HeldAnswer.InError(-32001, "failure_kind", "peer_contention", "Peer MCP writer active", "reason"),
            new HeldAnswer.InText(Pattern.compile("^(another mine is in progress: )?palace .* is held by ")));

    /**
     * From 3.11: waits 60 s unless told otherwise, five minutes at most, and answers {@code timed_out: true} at the end,
     * which its description calls a normal result after which to call again. So with a shorter time agents only ask more
     * often.
     */
    private static final Map<String, LongPoll> POLLS = Map.of(
            "mempalace_event_wait", new LongPoll("timeout_ms", Duration.ofMillis(1), Duration.ofSeconds(10)));

    /**
     * It answers in order, so one call at a time loses nothing; it asks nothing of clients; its tools never change. 3.4.0
     * declares a root-level {@code anyOf} in the schema of {@code mempalace_diary_write}.
     */
    public static final ServerTraits TRAITS =
            new ServerTraits("mempalace", 1, Optional.of("{}"), true, READS, HELD, POLLS, true);

    /**
     * How long tools may take that go over whole directories or many drawers. To end them early is to kill a writer, so
     * these are generous: its own hooks give a mine two hours.
     */
    public static final Map<String, Duration> TOOL_TIMES = Map.of(
            "mempalace_mine", Duration.ofHours(2),
            "mempalace_sync", Duration.ofMinutes(30),
            "mempalace_delete_by_source", Duration.ofMinutes(10),
            "mempalace_delete_drawers", Duration.ofMinutes(10),
            "mempalace_checkpoint", Duration.ofMinutes(10),
            // opens the palace anew, and may check the whole of its database
            "mempalace_reconnect", Duration.ofMinutes(5));

    /**
     * For its process, unless the user has set them: the daemon decides when it ends, not eight idle hours, and it
     * must open the palace itself, not forward to a hub that may open it a second time.
     */
    public static final Map<String, String> ENVIRONMENT =
            Map.of("MEMPALACE_MCP_IDLE_HOURS", "0", "MEMPALACE_HUB_FORWARD", "0");

    private PalaceProfile() {}
}
