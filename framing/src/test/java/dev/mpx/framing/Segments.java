package dev.mpx.framing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Messages in segments of a few bytes, as {@link SegmentedLine} makes them of large ones, compared with the same in one array. */
final class Segments {
    private static final int MOST_BEFORE = 3;
    /** Parts of one value that are compared; each takes a walk over all. */
    private static final int MOST_PARTS = 40;

    private Segments() {}

    /** The bytes cut into pieces of these lengths, taken in turn, each in the middle of an array of its own. */
    static Frame of(byte[] line, List<Integer> lengths) {
        Random random = new Random(line.length);
        JsonStream json = new JsonStream();
        List<ByteBuffer> parts = new ArrayList<>();
        int turn = 0;
        for (int at = 0; at < line.length; ) {
            int n = Math.min(lengths.get(turn++ % lengths.size()), line.length - at);
            int before = random.nextInt(MOST_BEFORE + 1);
            byte[] array = new byte[before + n + random.nextInt(MOST_BEFORE + 1)];
            random.nextBytes(array);
            System.arraycopy(line, at, array, before, n);
            json.feed(array, before, before + n);
            parts.add(ByteBuffer.wrap(array, before, n));
            at += n;
        }
        return Frame.segmented(parts, json.members());
    }

    /** Both read as the same message, whose values stand in the same places and have the same parts. */
    static void assertReadsTheSame(Frame frame, byte[] line) {
        Message whole = Message.read(Frame.of(line));
        Message segmented = Message.read(frame);

        assertThat(frame.toBytes()).isEqualTo(line);
        assertThat(segmented).hasSameClassAs(whole);
        if (whole instanceof Message.Request one && segmented instanceof Message.Request other) {
            assertThat(other.id()).isEqualTo(one.id()).hasToString(one.id().toString());
            assertThat(other.method()).isEqualTo(one.method());
            assertSameValue(Optional.of(other.idValue()), other.frame(), Optional.of(one.idValue()), one.frame());
            assertSameValue(other.params(), other.frame(), one.params(), one.frame());
        } else if (whole instanceof Message.Notification one && segmented instanceof Message.Notification other) {
            assertThat(other.method()).isEqualTo(one.method());
            assertSameValue(other.params(), other.frame(), one.params(), one.frame());
        } else if (whole instanceof Message.Response one && segmented instanceof Message.Response other) {
            assertThat(other.id()).isEqualTo(one.id()).hasToString(one.id().toString());
            assertSameValue(Optional.of(other.idValue()), other.frame(), Optional.of(one.idValue()), one.frame());
            assertSameValue(other.result(), other.frame(), one.result(), one.frame());
            assertSameValue(other.error(), other.frame(), one.error(), one.frame());
        } else if (whole instanceof Message.Malformed one && segmented instanceof Message.Malformed other) {
            assertThat(other.reason()).isEqualTo(one.reason());
            assertThat(other.code()).isEqualTo(one.code());
            assertThat(other.id()).isEqualTo(one.id());
            assertThat(other.response()).isEqualTo(one.response());
        } else if (whole instanceof Message.Batch one && segmented instanceof Message.Batch other) {
            assertThat(other.elements().stream().map(Frame::toString).toList())
                    .isEqualTo(one.elements().stream().map(Frame::toString).toList());
        }
    }

    private static void assertSameValue(Optional<JsonValue> segmented, Frame frame, Optional<JsonValue> whole, Frame line) {
        assertThat(segmented.isPresent()).isEqualTo(whole.isPresent());
        if (whole.isPresent()) {
            assertSameValue(segmented.get(), frame, whole.get(), line, 0);
        }
    }

    private static void assertSameValue(JsonValue segmented, Frame frame, JsonValue whole, Frame line, int depth) {
        assertThat(segmented.kind()).isEqualTo(whole.kind());
        assertThat(segmented.length()).isEqualTo(whole.length());
        assertThat(segmented.offsetIn(frame)).isEqualTo(whole.offsetIn(line));
        assertThat(segmented.toBytes()).isEqualTo(whole.toBytes());
        assertThat(segmented).hasToString(whole.toString());
        assertThat(segmented.text()).isEqualTo(whole.text());
        assertThat(segmented.integer()).isEqualTo(whole.integer());
        assertThat(segmented.isTrue()).isEqualTo(whole.isTrue());
        if (depth > 3) {
            return;
        }
        List<JsonValue> elements = segmented.elements();
        List<JsonValue> same = whole.elements();
        assertThat(elements).hasSameSizeAs(same);
        for (int i = 0; i < Math.min(elements.size(), MOST_PARTS); i++) {
            assertSameValue(elements.get(i), frame, same.get(i), line, depth + 1);
        }
        List<JsonValue.Member> members = segmented.members();
        List<JsonValue.Member> sameMembers = whole.members();
        JsonValue.MemberWalk walk = segmented.walk();
        assertThat(members).hasSameSizeAs(sameMembers);
        for (int i = 0; i < Math.min(members.size(), MOST_PARTS); i++) {
            JsonValue.Member expected = sameMembers.get(i);
            assertThat(members.get(i).name()).isEqualTo(expected.name());
            assertThat(members.get(i).key().offsetIn(frame)).isEqualTo(expected.key().offsetIn(line));
            assertSameValue(members.get(i).value(), frame, expected.value(), line, depth + 1);
            assertThat(walk.next()).isTrue();
            assertThat(walk.isNamed(expected.name())).isTrue();
            assertThat(walk.isNamed(expected.name() + "x")).isFalse();
            assertThat(walk.value().offsetIn(frame)).isEqualTo(expected.value().offsetIn(line));
            assertThat(segmented.get(expected.name()).map(value -> value.offsetIn(frame)))
                    .isEqualTo(whole.get(expected.name()).map(value -> value.offsetIn(line)));
        }
        assertThat(walk.next()).isEqualTo(members.size() > MOST_PARTS);
        assertThat(segmented.get("no such member")).isEmpty();
    }
}
