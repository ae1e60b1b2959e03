package dev.mpx.framing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Where the members of one object of a message stand, as numbers of bytes from the message's beginning. There is room for
 * {@value #MOST}, which is more than any message of the protocol has; an object with more has to be walked.
 */
final class MemberPlaces {
    static final int MOST = 64;

    private static final int NUMBERS = 4;

    private int[] numbers = new int[8 * NUMBERS];
    private final List<Optional<MemberPlaces>> inner = new ArrayList<>();
    private boolean complete = true;

    /**
     * One more member.
     *
     * @param nameFrom behind the name's opening quote
     * @param nameTo at its closing quote
     * @param places of its value's members, if that is an object and they have been noted
     */
    void add(int nameFrom, int nameTo, int valueFrom, int valueTo, Optional<MemberPlaces> places) {
        if (size() == MOST) {
            complete = false;
            return;
        }
        int at = size() * NUMBERS;
        if (at == numbers.length) {
            numbers = Arrays.copyOf(numbers, 2 * at);
        }
        numbers[at] = nameFrom;
        numbers[at + 1] = nameTo;
        numbers[at + 2] = valueFrom;
        numbers[at + 3] = valueTo;
        inner.add(places);
    }

    /** Whether there was room for all of them. */
    boolean isComplete() {
        return complete;
    }

    int size() {
        return inner.size();
    }

    int nameFrom(int member) {
        return numbers[member * NUMBERS];
    }

    int nameTo(int member) {
        return numbers[member * NUMBERS + 1];
    }

    int valueFrom(int member) {
        return numbers[member * NUMBERS + 2];
    }

    int valueTo(int member) {
        return numbers[member * NUMBERS + 3];
    }

    /** The places of its value's members, where they have been noted. */
    Optional<MemberPlaces> inner(int member) {
        return inner.get(member);
    }
}
