package dev.mpx.framing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** JSON texts to test with: the two lists in the resources, and generated ones. */
final class Documents {
    private Documents() {}

    static Stream<byte[]> accepted() {
        return listed("accepted.txt");
    }

    static Stream<byte[]> rejected() {
        return listed("rejected.txt");
    }

    private static Stream<byte[]> listed(String resource) {
        try (InputStream in = Documents.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(Documents::expand)
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] expand(String line) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int i = 0;
        while (i < line.length()) {
            if (line.startsWith("%{", i)) {
                int star = line.indexOf('*', i);
                int end = line.indexOf('}', star);
                byte[] piece = expand(line.substring(i + 2, star));
                for (int n = Integer.parseInt(line.substring(star + 1, end)); n > 0; n--) {
                    out.writeBytes(piece);
                }
                i = end + 1;
            } else if (line.charAt(i) == '%') {
                out.write(Integer.parseInt(line.substring(i + 1, i + 3), 16));
                i += 3;
            } else {
                out.write(line.charAt(i++));
            }
        }
        return out.toByteArray();
    }

    /** Valid JSON texts of every kind, with white space in odd places. */
    static Arbitrary<String> values() {
        return value(3);
    }

    /** Valid JSON objects without line breaks, in which top-level {@code id} and {@code method} are frequent. */
    static Arbitrary<String> envelopes() {
        Arbitrary<String> names = Arbitraries.frequencyOf(
                Tuple.of(2, Arbitraries.of("\"id\"", "\"\\u0069d\"", "\"i\\u0064\"")),
                Tuple.of(2, Arbitraries.of("\"method\"", "\"metho\\u0064\"", "\"jsonrpc\"", "\"params\"")),
                Tuple.of(3, string()));
        return object(names, value(2)).map(text -> text.replaceAll("[\\r\\n]", " "));
    }

    private static Arbitrary<String> value(int depth) {
        Arbitrary<String> scalar = Arbitraries.oneOf(Arbitraries.of("null", "true", "false"), number(), string());
        if (depth == 0) {
            return scalar;
        }
        Arbitrary<String> inner = Arbitraries.lazy(() -> value(depth - 1));
        return Arbitraries.frequencyOf(
                Tuple.of(2, scalar), Tuple.of(2, object(name(), inner)), Tuple.of(1, array(inner)));
    }

    private static Arbitrary<String> number() {
        Arbitrary<String> integer = Arbitraries.oneOf(
                Arbitraries.longs().map(String::valueOf),
                Arbitraries.of("0", "-0", "9223372036854775808", "-9223372036854775808", "123456789012345678901234567890"));
        Arbitrary<String> fraction = Arbitraries.of("", "", ".0", ".10", ".5000000000000000000001");
        Arbitrary<String> exponent = Arbitraries.of("", "", "e0", "E+400", "e-12");
        return Combinators.combine(integer, fraction, exponent).as((i, f, e) -> i + f + e);
    }

    /** Without escaped surrogates, on which Jackson has an opinion of its own. */
    private static Arbitrary<String> name() {
        return string().map(text -> text.replaceAll("\\\\u[dD]", "\\\\u0"));
    }

    static Arbitrary<String> string() {
        Arbitrary<String> plain = Arbitraries.strings().withCharRange(' ', '~').excludeChars('"', '\\').ofMaxLength(20);
        Arbitrary<String> odd = Arbitraries.of(
                "\\\"", "\\\\", "\\/", "\\b", "\\f", "\\n", "\\r", "\\t", "\\u0000", "\\u0041", "\\u00e9", "\\uD83D\\uDE00",
                "\\ud800", "\u007f", "\u0080", "é", "߿", "ࠀ", "\u2028", "€", "\ufeff", "\uffff", "😀", "{", "]", ",", ":");
        return Arbitraries.oneOf(plain, odd).list().ofMaxSize(4).map(pieces -> '"' + String.join("", pieces) + '"');
    }

    private static Arbitrary<String> object(Arbitrary<String> names, Arbitrary<String> values) {
        Arbitrary<String> member = Combinators.combine(names, space(), space(), values)
                .as((name, before, after, value) -> name + before + ':' + after + value);
        return enclosed('{', member, '}');
    }

    private static Arbitrary<String> array(Arbitrary<String> elements) {
        return enclosed('[', elements, ']');
    }

    private static Arbitrary<String> enclosed(char open, Arbitrary<String> item, char close) {
        Arbitrary<List<String>> items = item.list().ofMaxSize(4);
        return Combinators.combine(items, space(), space())
                .as((list, before, after) -> open + before + String.join(before + ',' + after, list) + after + close);
    }

    private static Arbitrary<String> space() {
        return Arbitraries.of("", "", "", " ", "\t", "\r\n ");
    }
}
