package dev.mpx.proxy.daemon;

import dev.mpx.proxy.home.HomeException;
import dev.mpx.proxy.mux.HeldAnswer;
import dev.mpx.proxy.mux.LongPoll;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code [profile]}: what a user says of the home's server, beside what mpx knows of it. It stands in the home's own
 * {@code mpx.toml} alone: elsewhere it would be said of every server, and a tool that reads on one may write on another.
 *
 * @param reads tools that only read
 * @param held how the server says that it wrote nothing since another writer holds its data
 * @param stableLists whether its lists change only when it says so
 * @param polls how long its long polls may wait
 */
record OwnProfile(Set<String> reads, List<HeldAnswer> held, Optional<Boolean> stableLists, Map<String, Poll> polls) {
    static final OwnProfile NONE = new OwnProfile(Set.of(), List.of(), Optional.empty(), Map.of());

    private static final String PROFILE = "profile";
    private static final String POLLS = "polls";
    private static final String ARGUMENT = "argument";
    private static final String UNIT = "unit";
    private static final String MOST = "most";
    private static final Map<String, Duration> UNITS =
            Map.of("ms", Duration.ofMillis(1), "s", Duration.ofSeconds(1), "min", Duration.ofMinutes(1));
    /** What is part of a server's profile, but stands elsewhere. */
    private static final Map<String, String> ELSEWHERE = Map.of(
            "window", "[child] window",
            "capabilities", "[child] capabilities",
            "environment", "[child.env]",
            "env", "[child.env]",
            "rewrite_schemas", "[child] rewrite_schemas",
            "timeouts", "[timeouts.tools]");

    /**
     * The cap of one tool.
     *
     * @param written where it stands
     * @param argument the argument that is capped; empty: that of a poll which mpx knows
     * @param unit what it counts
     * @param most the cap; zero: none
     */
    record Poll(Setting written, Optional<String> argument, Duration unit, Duration most) {
        /** Nothing, where the poll is not to be capped. */
        Optional<LongPoll> over(Optional<LongPoll> known) {
            if (most.isZero()) {
                return Optional.empty();
            }
            if (argument.isEmpty() && known.isEmpty()) {
                throw written.wrong("a table such as { argument = \"timeout\", unit = \"s\", most = \"10s\" }, since mpx knows no long poll of that name");
            }
            Duration counts = argument.isPresent() ? unit : known.get().unit();
            if (most.compareTo(counts) < 0) {
                throw written.wrong("0 or a time of at least " + counts.toMillis() + " ms, which is what its argument counts");
            }
            return Optional.of(new LongPoll(argument.orElseGet(() -> known.get().argument()), counts, most));
        }
    }

    OwnProfile {
        reads = Set.copyOf(reads);
        held = List.copyOf(held);
        polls = Map.copyOf(polls);
    }

    static OwnProfile of(TomlFile home) {
        for (Map.Entry<String, Object> entry : home.tableAt(PROFILE).entrySet()) {
            if (!Set.of("reads", "held", "stable_lists", POLLS).contains(entry.getKey())) {
                String where = home.setting(entry.getValue(), PROFILE, entry.getKey()).where();
                String elsewhere = ELSEWHERE.get(entry.getKey());
                throw new HomeException(where + " is no setting of mpx." + (elsewhere == null
                        ? " In [profile] there are reads, held, stable_lists, and the table [profile.polls]."
                        : " Write it as " + elsewhere + "."));
            }
        }
        Set<String> reads = new LinkedHashSet<>();
        home.list(PROFILE, "reads").orElse(List.of()).forEach(tool -> reads.add(tool.text()));
        List<HeldAnswer> held = new ArrayList<>();
        home.list(PROFILE, "held").orElse(List.of()).stream().map(Setting::pattern).forEach(pattern -> {
            held.add(new HeldAnswer.InFailure(pattern));
            held.add(new HeldAnswer.InText(pattern));
        });
        Map<String, Poll> polls = new LinkedHashMap<>();
        home.tableAt(PROFILE, POLLS).forEach((tool, value) -> polls.put(tool, poll(home, tool, value)));
        return new OwnProfile(reads, held, home.find(PROFILE, "stable_lists").map(Setting::flag), polls);
    }

    private static Poll poll(TomlFile home, String tool, Object value) {
        Setting written = home.setting(value, PROFILE, POLLS, tool);
        if (!TomlFile.isTable(value)) {
            return new Poll(written, Optional.empty(), Duration.ZERO, written.duration());
        }
        home.tableAt(PROFILE, POLLS, tool).forEach((name, any) -> {
            if (!Set.of(ARGUMENT, UNIT, MOST).contains(name)) {
                throw new HomeException(home.setting(any, PROFILE, POLLS, tool, name).where()
                        + " is no setting of mpx. A long poll has argument, unit and most.");
            }
        });
        Setting argument = part(home, tool, ARGUMENT, "");
        if (argument.text().isEmpty()) {
            throw argument.wrong("the name of the tool's argument that says how long it waits");
        }
        Setting unit = part(home, tool, UNIT, "ms");
        if (!UNITS.containsKey(unit.text())) {
            throw unit.wrong("ms, s or min");
        }
        return new Poll(written, Optional.of(argument.text()), UNITS.get(unit.text()), part(home, tool, MOST, "10s").duration());
    }

    private static Setting part(TomlFile home, String tool, String name, String otherwise) {
        return home.setting(home.value(PROFILE, POLLS, tool, name).orElse(otherwise), PROFILE, POLLS, tool, name);
    }

    /** A file that is about every server must not have one. */
    static void refuseIn(TomlFile file) {
        file.value(PROFILE).ifPresent(any -> {
            throw new HomeException(file.setting(any, PROFILE).where()
                    + " would be said of every server. Write it into the mpx.toml of that server's home, which \"mpx status\" names.");
        });
    }
}
