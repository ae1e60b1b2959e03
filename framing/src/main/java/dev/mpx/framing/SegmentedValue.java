package dev.mpx.framing;

import java.util.List;
import java.util.Optional;

/**
 * A value in a frame of several parts. Where its members stand is known if the frame's reader has noted them on its
 * way; else looking into it copies its bytes, which is right for the small values that are ever looked into.
 */
final class SegmentedValue extends JsonValue {
    private static final ContiguousValue NOTHING = new ContiguousValue(new byte[] {'{', '}'}, 0, 2);

    private final Frame frame;
    private final int from;
    private final int to;
    private final byte first;
    /** Null if they have not been noted. */
    private final MemberPlaces places;

    /**
     * @param from its place in the frame
     * @param places of its members, if it is an object and they have been noted
     */
    SegmentedValue(Frame frame, int from, int to, Optional<MemberPlaces> places) {
        this.frame = frame;
        this.from = from;
        this.to = to;
        this.first = frame.at(from);
        this.places = places.orElse(null);
    }

    @Override
    byte first() {
        return first;
    }

    @Override
    public Optional<JsonValue> get(String name) {
        Optional<JsonValue> last = Optional.empty();
        for (MemberWalk walk = walk(); walk.next(); ) {
            last = walk.isNamed(name) ? Optional.of(walk.value()) : last;
        }
        return last;
    }

    @Override
    public MemberWalk walk() {
        return places != null ? new NotedWalk() : kind() == Kind.OBJECT ? copied().walk() : NOTHING.walk();
    }

    @Override
    public List<Member> members() {
        return kind() == Kind.OBJECT ? copied().members() : List.of();
    }

    @Override
    public List<JsonValue> elements() {
        return kind() == Kind.ARRAY ? copied().elements() : List.of();
    }

    /** The same value in a copy, whose parts know where in the frame they stand. */
    private CopiedValue copied() {
        return new CopiedValue(frame, from, toBytes(), 0, length());
    }

    @Override
    byte[] array() {
        return toBytes();
    }

    @Override
    int from() {
        return 0;
    }

    @Override
    int to() {
        return length();
    }

    @Override
    ContiguousValue contiguous() {
        return new ContiguousValue(toBytes(), 0, length());
    }

    @Override
    int offsetIn(Frame other) {
        return frame == other ? from : -1;
    }

    @Override
    public int length() {
        return to - from;
    }

    @Override
    public byte[] toBytes() {
        return frame.toBytes(from, to);
    }

    /** By the places that have been noted. */
    private final class NotedWalk implements MemberWalk {
        private int at = -1;
        private byte[] name = {};

        @Override
        public boolean next() {
            at++;
            if (at >= places.size()) {
                return false;
            }
            name = frame.toBytes(places.nameFrom(at), places.nameTo(at));
            return true;
        }

        @Override
        public boolean isNamed(String wanted) {
            return JsonText.matches(name, 0, name.length, wanted);
        }

        @Override
        public JsonValue value() {
            return new SegmentedValue(frame, places.valueFrom(at), places.valueTo(at), Optional.empty());
        }
    }
}
