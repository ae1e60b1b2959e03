package dev.mpx.bench.ways;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** A way that is up. */
public interface Stand extends AutoCloseable {
    /** What an agent starts; {@code %n} in a word is the session's number. */
    List<String> command();

    /** The environment of all its processes. */
    Map<String, String> environment();

    /** The processes that are there beside the sessions' own; what descends from them belongs to them. */
    List<Long> roots();

    /** The process that all sessions share and that is neither theirs nor the server. */
    default OptionalLong daemon() {
        return OptionalLong.empty();
    }

    /** Takes all of it down. */
    @Override
    void close();
}
