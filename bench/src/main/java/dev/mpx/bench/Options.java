package dev.mpx.bench;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How the suite is run.
 *
 * @param isShort whether it only shows that everything works, within a minute
 * @param rounds how often each way is measured
 * @param only names of parts or ways, of which the others are left out; empty for all
 */
public record Options(boolean isShort, int rounds, Set<String> only) {
    private static final int ROUNDS = 5;

    static Options of(String... words) {
        boolean isShort = false;
        Optional<Integer> rounds = Optional.empty();
        Set<String> only = Set.of();
        for (int i = 0; i < words.length; i++) {
            switch (words[i]) {
                case "--short" -> isShort = true;
                case "--rounds" -> rounds = Optional.of(Integer.parseInt(words[++i]));
                case "--only" -> only = Arrays.stream(words[++i].split(",")).collect(Collectors.toUnmodifiableSet());
                default -> throw new IllegalArgumentException("bench/run: " + words[i] + " is no option");
            }
        }
        return new Options(isShort, rounds.orElse(isShort ? 1 : ROUNDS), only);
    }

    /** Whether a part is to be run: one of its group is asked for by name, or none is. */
    boolean wants(String name, Set<String> group) {
        return only.contains(name) || only.stream().noneMatch(group::contains);
    }

    /** Whether everything is measured as it is meant to be. */
    public boolean isWhole() {
        return !isShort && only.isEmpty();
    }

    /** Seconds for one measurement. */
    public double seconds() {
        return isShort ? 0.1 : 0.4;
    }

    /** Seconds before one that are not counted. */
    public double warm() {
        return isShort ? 0.05 : 0.1;
    }
}
