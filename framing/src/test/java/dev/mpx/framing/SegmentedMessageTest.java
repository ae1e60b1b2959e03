package dev.mpx.framing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A message in segments, read while it came, is what it is in one array, wherever it was cut. */
class SegmentedMessageTest {
    private static final String START = "{\"jsonrpc\":\"2.0\",";
    private static final List<Integer> BYTE_BY_BYTE = List.of(1);

    static Stream<byte[]> accepted() {
        return Documents.accepted();
    }

    static Stream<byte[]> rejected() {
        return Documents.rejected();
    }

    @ParameterizedTest
    @MethodSource("accepted")
    void everyValidValueIsAcceptedAsAResultWithABorderBehindEachByte(byte[] value) {
        byte[] line = result(value);
        Frame frame = Segments.of(line, BYTE_BY_BYTE);

        // what is valid by itself may be nested too deeply as a result
        assertThat(frame.members().isPresent()).isEqualTo(JsonValue.parse(line).isPresent());
        Segments.assertReadsTheSame(frame, line);
    }

    @ParameterizedTest
    @MethodSource("rejected")
    void everyInvalidValueIsRefusedForTheSameReasonWithABorderBehindEachByte(byte[] value) {
        byte[] line = result(value);
        Frame frame = Segments.of(line, BYTE_BY_BYTE);

        assertThat(frame.members().isPresent()).isEqualTo(JsonValue.parse(line).isPresent());
        Segments.assertReadsTheSame(frame, line);
        Segments.assertReadsTheSame(Segments.of(value, BYTE_BY_BYTE), value);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "\"id\":12345,\"result\":{\"content\":[],\"isError\":true}}",
        "\"id\":\"a\\u00e9\\n\\\\\",\"method\":\"tools/call\",\"params\":{\"name\":\"é€😀\",\"_meta\":{\"progressToken\":-17}}}",
        "\"\\u0069\\u0064\":7,\"\\u006detho\\u0064\":\"ping\"}",
        "\"id\":1,\"id\":2,\"result\":null}",
        "\"id\":1,\"error\":{\"code\":-32042,\"message\":\"\",\"data\":{\"elicitations\":[{\"elicitationId\":\"e\"}]}}} ",
        "\"id\":1.5,\"result\":1e+7}",
        "\"id\":1,\"method\":7}",
        "\"id\":1,\"method\":\"x\",\"result\":0}",
        "\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":\"x\",\"requestId\":3}}",
        "\"method\":\"x\",\"params\":false}",
        "\"id\":1,\"result\":tru}",
        "\"id\":1,\"result\":\"\u00e9\\ud83d\\ude00\"",
        "\"id\":1,\"result\":{}}}",
        "\"id\":1,\"result\":[1,2",
        "\"id\":1,}",
    })
    void aCutAtAnyTwoPlacesChangesNothing(String rest) {
        byte[] line = utf8(START + rest);
        for (int first = 1; first < line.length; first++) {
            for (int second : new int[] {1, 2, 3, 7, line.length}) {
                Segments.assertReadsTheSame(Segments.of(line, List.of(first, second, line.length)), line);
            }
        }
    }

    @Property(tries = 1500)
    void aGeneratedMessageCutAnywhereReadsTheSame(
            @ForAll("messages") byte[] line, @ForAll @Size(min = 1, max = 6) List<@IntRange(min = 1, max = 40) Integer> lengths) {
        Segments.assertReadsTheSame(Segments.of(line, lengths), line);
    }

    @Property(tries = 2000)
    void aDamagedMessageCutAnywhereIsJudgedTheSame(
            @ForAll("damaged") byte[] line, @ForAll @Size(min = 1, max = 6) List<@IntRange(min = 1, max = 20) Integer> lengths) {
        Frame frame = Segments.of(line, lengths);

        boolean valid = JsonValue.parse(line).filter(value -> value.kind() == JsonValue.Kind.OBJECT).isPresent();
        assertThat(frame.members().isPresent()).isEqualTo(valid);
        if (!Jackson.mayMisjudge(line)) {
            Optional<List<String>> tokens = Jackson.tokens(line).filter(t -> t.get(0).equals("{"));
            assertThat(frame.members().isPresent()).isEqualTo(tokens.isPresent());
        }
        Segments.assertReadsTheSame(frame, line);
    }

    @Property(tries = 1000)
    void anyBytesInAStringCutAnywhereAreJudgedTheSame(
            @ForAll("nearlyUtf8") byte[] inside, @ForAll @Size(min = 1, max = 6) List<@IntRange(min = 1, max = 12) Integer> lengths) {
        byte[] line = result(quoted(inside));
        Frame frame = Segments.of(line, lengths);

        assertThat(frame.members().isPresent()).isEqualTo(Jackson.decode(inside).isPresent());
        Segments.assertReadsTheSame(frame, line);
    }

    @ParameterizedTest
    @ValueSource(ints = {62, 63, 64, 65, 200})
    void anyNumberOfMembersAtTheTopAndBelowIsReadTheSame(int count) {
        String members = IntStream.range(0, count).mapToObj(i -> "\"m" + i + "\":" + i).collect(Collectors.joining(","));
        byte[] inside = utf8(START + "\"id\":1,\"result\":{" + members + "}}");
        byte[] above = utf8("{" + members + ",\"jsonrpc\":\"2.0\",\"result\":{},\"id\":1}");

        Segments.assertReadsTheSame(Segments.of(inside, List.of(10)), inside);
        Segments.assertReadsTheSame(Segments.of(above, List.of(10)), above);
    }

    @ParameterizedTest
    @ValueSource(ints = {997, 998, 999, 1000, 1001})
    void theDepthThatIsAllowedIsTheSame(int depth) {
        for (String pair : List.of("[]", "{}")) {
            String open = pair.equals("[]") ? "[" : "{\"a\":";
            String deepest = open.repeat(depth) + "1" + pair.substring(1).repeat(depth);
            byte[] line = result(utf8(deepest));

            Segments.assertReadsTheSame(Segments.of(line, List.of(100)), line);
        }
    }

    @Property(tries = 500)
    void splicingChangesOnlyTheBytesOfTheValuesAcrossBorders(
            @ForAll("messages") byte[] line,
            @ForAll @Size(min = 1, max = 6) List<@IntRange(min = 1, max = 40) Integer> lengths,
            @ForAll @IntRange(min = 0, max = 30) int with) {
        Frame frame = Segments.of(line, lengths);
        Frame whole = Frame.of(line);
        byte[] json = utf8("#".repeat(with));
        Assume.that(frame.members().isPresent());
        List<JsonValue> values = values(Message.read(frame));
        List<JsonValue> same = values(Message.read(whole));
        assertThat(values).hasSameSizeAs(same);
        Splicer splicer = new Splicer(frame);
        Splicer expected = new Splicer(whole);
        for (int i = 0; i < values.size(); i++) {
            splicer.replace(values.get(i), json);
            expected.replace(same.get(i), json);
        }

        assertThat(splicer.splice().toBytes()).isEqualTo(expected.splice().toBytes());
    }

    @Test
    void splicingALargeMessageSharesItsSegments() {
        byte[] line = utf8(START + "\"id\":1,\"result\":\"" + "x".repeat(300_000) + "\"}");
        Frame frame = read(line, 60_000);
        Message.Response response = (Message.Response) Message.read(frame);
        byte[] id = utf8("\"another\"");

        Frame spliced = new Splicer(frame).replace(response.idValue(), id).splice();

        assertThat(frame.buffers()).hasSizeGreaterThan(4);
        assertThat(spliced.buffers()).as("the first segment in two pieces, and the id").hasSize(frame.buffers().length + 2);
        assertThat(spliced).hasToString(new String(line, StandardCharsets.UTF_8).replace("\"id\":1", "\"id\":\"another\""));
        assertThat(response.frame()).isSameAs(frame);
    }

    @Property(tries = 40)
    void aLargeLineComesOutAsItWasAndReadsTheSame(
            @ForAll("fillings") String filling,
            @ForAll @IntRange(min = 60_000, max = 140_000) int size,
            @ForAll @Size(min = 1, max = 4) List<@IntRange(min = 1000, max = 70_000) Integer> chunks,
            @ForAll boolean returns) {
        String text = filling.repeat(1 + size / filling.length());
        String number = text.length() % 2 == 0 ? "1" : "1.";
        byte[] line = utf8(START + "\"id\":1,\"result\":{\"text\":\"" + text + "\",\"more\":[" + number + "]}}");
        byte[] ended = concat(line, utf8(returns ? "\r\n" : "\n"));
        LineSplitter splitter = new LineSplitter(1 << 20);
        List<Line> lines = new ArrayList<>();
        int turn = 0;
        for (int at = 0; at < ended.length; ) {
            int n = Math.min(chunks.get(turn++ % chunks.size()), ended.length - at);
            ByteBuffer chunk = ByteBuffer.allocateDirect(n).put(ended, at, n).flip();
            splitter.next(chunk).ifPresent(lines::add);
            at += n;
        }

        assertThat(lines).hasSize(1);
        assertThat(splitter.held()).isZero();
        Segments.assertReadsTheSame((Frame) lines.get(0), line);
    }

    @Test
    void aLargeLineOfWhiteSpaceIsSkippedAndAReturnWithinOneIsKept() {
        byte[] blank = utf8(" \t".repeat(50_000) + "\r\n");
        byte[] broken = utf8("x".repeat(70_000) + "\r" + "y".repeat(70_000) + "\r\r\n");

        assertThat(readAll(concat(blank, broken), 10_001)).map(Line::toString)
                .containsExactly("x".repeat(70_000) + "\r" + "y".repeat(70_000) + "\r");
    }

    /** The message is a large one read in chunks. */
    private static Frame read(byte[] line, int chunk) {
        return (Frame) readAll(concat(line, utf8("\n")), chunk).get(0);
    }

    private static List<Line> readAll(byte[] stream, int chunk) {
        LineSplitter splitter = new LineSplitter(1 << 20);
        List<Line> lines = new ArrayList<>();
        for (int at = 0; at < stream.length; at += chunk) {
            ByteBuffer bytes = ByteBuffer.wrap(stream, at, Math.min(chunk, stream.length - at));
            for (Optional<Line> line = splitter.next(bytes); line.isPresent(); line = splitter.next(bytes)) {
                lines.add(line.get());
            }
        }
        return lines;
    }

    /** Leaves and such, none within another. */
    private static List<JsonValue> values(Message message) {
        List<JsonValue> values = new ArrayList<>();
        if (message instanceof Message.Request request) {
            values.add(request.idValue());
            request.params().ifPresent(params -> values.addAll(inner(params)));
        } else if (message instanceof Message.Response response) {
            values.add(response.idValue());
            response.result().ifPresent(result -> values.addAll(inner(result)));
            response.error().ifPresent(error -> values.addAll(inner(error)));
        } else if (message instanceof Message.Notification notification) {
            notification.params().ifPresent(params -> values.addAll(inner(params)));
        }
        return values;
    }

    private static List<JsonValue> inner(JsonValue value) {
        List<JsonValue> inner = new ArrayList<>();
        for (JsonValue.MemberWalk walk = value.walk(); walk.next(); ) {
            inner.add(walk.value());
        }
        inner.addAll(value.elements());
        return inner.isEmpty() ? List.of(value) : inner;
    }

    @Provide
    Arbitrary<byte[]> messages() {
        Arbitrary<String> members = Arbitraries.oneOf(
                Arbitraries.of(
                        "\"id\":1", "\"id\":\"\\u0031\"", "\"method\":\"tools/call\"", "\"method\":\"x\"", "\"jsonrpc\":\"2.0\""),
                Combinators.combine(
                                Arbitraries.of("\"params\"", "\"result\"", "\"error\"", "\"x\"", "\"\"", "\"p\\u0061rams\""),
                                Documents.values())
                        .as((name, value) -> name + ":" + value.replaceAll("[\\r\\n]", " ")));
        Arbitrary<String> any = members.list().ofMaxSize(5)
                .map(list -> START + String.join(" , ", list) + (list.isEmpty() ? "\"x\":0}" : "}"));
        Arbitrary<String> likely = Combinators.combine(
                        Arbitraries.of("\"method\":\"m\",\"params\":", "\"result\":", "\"error\":"),
                        Documents.values(),
                        Arbitraries.integers())
                .as((name, value, id) -> START + name + value.replaceAll("[\\r\\n]", " ") + ",\"id\":" + id + "}");
        return Arbitraries.frequencyOf(Tuple.of(1, any), Tuple.of(1, Documents.envelopes()), Tuple.of(2, likely))
                .map(SegmentedMessageTest::utf8);
    }

    @Provide
    Arbitrary<byte[]> damaged() {
        Arbitrary<Byte> bytes = Arbitraries.oneOf(
                Arbitraries.of('"', '\\', '{', '}', '[', ']', ',', ':', '0', '-', '.', 'e', 'u', ' ', '\r', '\0')
                        .map(c -> (byte) (char) c),
                Arbitraries.bytes());
        return Combinators.combine(messages(), Arbitraries.integers().between(0, 1 << 20), bytes, Arbitraries.integers().between(0, 2))
                .as((line, place, with, kind) -> {
                    int at = place % line.length;
                    byte[] start = java.util.Arrays.copyOf(line, at);
                    byte[] rest = java.util.Arrays.copyOfRange(line, kind == 1 ? at : at + 1, line.length);
                    return concat(start, kind == 2 ? new byte[0] : new byte[] {with}, rest);
                });
    }

    @Provide
    Arbitrary<byte[]> nearlyUtf8() {
        Arbitrary<String> pieces = Arbitraries.of(
                "a", "12345678", "%C2%80", "%DF%BF", "%E0%A0%80", "%ED%9F%BF", "%EE%80%80", "%EF%BF%BF", "%F0%90%80%80",
                "%F4%8F%BF%BF", "%80", "%BF", "%C0", "%C1", "%C3", "%E0", "%ED", "%EF", "%F0", "%F4", "%F5", "%FF", "%9F",
                "%A0", "%8F", "%90");
        return pieces.list().ofMaxSize(6).map(list -> Documents.expand(String.join("", list)));
    }

    @Provide
    Arbitrary<String> fillings() {
        return Arbitraries.of(
                "x", "é", "€uro ", "😀", "\\n", "\\u00e9", "a\\\"", "\",\"b\":\"", "\",\"b\":[1,2.5e7,true,null,{}],\"c\":\"", "\u0001");
    }

    private static byte[] result(byte[] value) {
        return concat(utf8(START + "\"id\":1,\"result\":"), value, utf8("}"));
    }

    private static byte[] quoted(byte[] inside) {
        return concat(utf8("\""), inside, utf8("\""));
    }

    private static byte[] concat(byte[]... pieces) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] piece : pieces) {
            out.writeBytes(piece);
        }
        return out.toByteArray();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
