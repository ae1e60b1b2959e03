package dev.mpx.framing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A value whose bytes stand in one array. */
sealed class ContiguousValue extends JsonValue permits CopiedValue {
    private final byte[] bytes;
    private final int from;
    private final int to;

    ContiguousValue(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        this.from = from;
        this.to = to;
    }

    /** A value that is a part of this one. */
    ContiguousValue part(int first, int end) {
        return new ContiguousValue(bytes, first, end);
    }

    @Override
    final byte first() {
        return bytes[from];
    }

    @Override
    public Optional<JsonValue> get(String name) {
        int start = -1;
        int end = -1;
        for (Walk walk = new Walk(); walk.next(); ) {
            if (walk.isNamed(name)) {
                start = walk.valueFrom;
                end = walk.valueTo;
            }
        }
        return start < 0 ? Optional.empty() : Optional.of(part(start, end));
    }

    @Override
    public MemberWalk walk() {
        return new Walk();
    }

    @Override
    public List<Member> members() {
        List<Member> members = new ArrayList<>();
        for (Walk walk = new Walk(); walk.next(); ) {
            String name = JsonText.decode(bytes, walk.nameFrom, walk.nameTo);
            members.add(new Member(name, walk.value(), part(walk.nameFrom - 1, walk.nameTo + 1)));
        }
        return List.copyOf(members);
    }

    @Override
    public List<JsonValue> elements() {
        if (kind() != Kind.ARRAY) {
            return List.of();
        }
        List<JsonValue> elements = new ArrayList<>();
        JsonScanner scanner = new JsonScanner(bytes, from + 1, to);
        while (scanner.peek() != ']') {
            int start = scanner.at();
            scanner.skipValue(0);
            elements.add(part(start, scanner.at()));
            if (scanner.peek() == ',') {
                scanner.take(',');
                scanner.peek();
            }
        }
        return List.copyOf(elements);
    }

    @Override
    byte[] array() {
        return bytes;
    }

    @Override
    int from() {
        return from;
    }

    @Override
    int to() {
        return to;
    }

    @Override
    ContiguousValue contiguous() {
        return this;
    }

    @Override
    int offsetIn(Frame frame) {
        boolean isPart = frame.isContiguous() && bytes == frame.array() && from >= frame.from() && to <= frame.to();
        return isPart ? from - frame.from() : -1;
    }

    @Override
    public int length() {
        return to - from;
    }

    @Override
    public byte[] toBytes() {
        return Arrays.copyOfRange(bytes, from, to);
    }

    private final class Walk implements MemberWalk {
        private final JsonScanner scanner = new JsonScanner(bytes, from + 1, to);
        private boolean more = bytes[from] == '{' && scanner.peek() != '}';
        private int nameFrom;
        private int nameTo;
        private int valueFrom;
        private int valueTo;

        @Override
        public boolean next() {
            if (!more) {
                return false;
            }
            scanner.peek();
            nameFrom = scanner.at() + 1;
            scanner.skipString();
            nameTo = scanner.at() - 1;
            scanner.take(':');
            scanner.peek();
            valueFrom = scanner.at();
            scanner.skipValue(0);
            valueTo = scanner.at();
            more = scanner.peek() == ',' && scanner.take(',');
            return true;
        }

        @Override
        public boolean isNamed(String name) {
            return JsonText.matches(bytes, nameFrom, nameTo, name);
        }

        @Override
        public JsonValue value() {
            return part(valueFrom, valueTo);
        }
    }
}
