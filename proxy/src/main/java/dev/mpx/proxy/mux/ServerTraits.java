package dev.mpx.proxy.mux;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What mpx knows of the server it serves: data, so that no code asks which server it is.
 *
 * @param name for people
 * @param window how many calls the child holds at once; 1 for a server that answers in order anyway
 * @param declaredCapabilities the JSON object mpx declares to the child as its client capabilities; empty: those of
 *     the client whose arrival starts the child
 * @param stableLists whether lists change only when the child says so, even if it does not promise to say so
 * @param heldAnswers how the server says that another writer holds its data and nothing was written
 * @param reads tools that only read, where the server does not annotate its tools
 * @param polls tools that wait for something to happen, and how long each may, by name
 * @param flatSchemas whether tool schemas with a combinator at their root are replaced by flat ones
 */
public record ServerTraits(
        String name, int window, Optional<String> declaredCapabilities, boolean stableLists, Set<String> reads,
        List<HeldAnswer> heldAnswers, Map<String, LongPoll> polls, boolean flatSchemas) {

    public ServerTraits {
        if (window < 1) {
            throw new IllegalArgumentException("window must be at least 1, not " + window);
        }
        reads = Set.copyOf(reads);
        heldAnswers = List.copyOf(heldAnswers);
        polls = Map.copyOf(polls);
    }

    /** A server without long polls, whose schemas are passed on as they are. */
    public ServerTraits(
            String name, int window, Optional<String> declaredCapabilities, boolean stableLists, Set<String> reads,
            List<HeldAnswer> heldAnswers) {
        this(name, window, declaredCapabilities, stableLists, reads, heldAnswers, Map.of(), false);
    }

    /** A server mpx knows nothing of. */
    public static ServerTraits unknown() {
        return new ServerTraits("server", 16, Optional.empty(), false, Set.of(), List.of());
    }
}
