package dev.mpx.framing;

/** Takes the members of a message of several parts from where they were noted when it came. */
final class SegmentedReader extends MessageReader {
    private final MemberPlaces members;
    private int member;

    SegmentedReader(Frame frame, MemberPlaces members) {
        this.members = members;
        begin(frame);
    }

    Message read() {
        for (member = 0; member < members.size(); member++) {
            note(name(), members.valueFrom(member), members.valueTo(member));
        }
        return judge();
    }

    private String name() {
        int from = members.nameFrom(member);
        int to = members.nameTo(member);
        // with its closing quote
        return to - from > TopLevelName.LONGEST ? "" : TopLevelName.of(frame().toBytes(from, to + 1), 0);
    }

    @Override
    JsonValue value(int from, int to) {
        return new SegmentedValue(frame(), from, to, members.inner(member));
    }

    @Override
    boolean isText(int from, int to, String text) {
        return isString(from) && text.equals(JsonText.decode(frame().toBytes(from, to), 1, to - from - 1));
    }

    @Override
    boolean isString(int from) {
        return frame().at(from) == '"';
    }

    @Override
    String methodName(int from, int to) {
        return MethodNames.decode(frame().toBytes(from, to), 1, to - from - 1);
    }
}
