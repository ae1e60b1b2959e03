package dev.mpx.proxy.agents.text;

import dev.mpx.framing.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How a JSON text is laid out, for what is added to it.
 *
 * @param newline its line end
 * @param unit one step of its indentation
 * @param colon what stands between a name and its value
 * @param comma what stands between two values on one line
 */
record JsonStyle(String newline, String unit, String colon, String comma) {
    private static final String USUAL_UNIT = "  ";

    static JsonStyle of(String text, Node.Table root, String newline) {
        if (root.members().isEmpty()) {
            return new JsonStyle(newline, USUAL_UNIT, ": ", ", ");
        }
        Node.Member first = root.members().get(0);
        String indent = Layout.indent(text, first.start());
        boolean isTight = text.charAt(first.value().span().from() - 1) == ':';
        return new JsonStyle(newline, indent == null || indent.isEmpty() ? USUAL_UNIT : indent, isTight ? ":" : ": ", isTight ? "," : ", ");
    }

    /** A name and its value over several lines, as part of an object whose members are indented by {@code indent}. */
    String member(String name, Object value, String indent) {
        return string(name) + colon + pretty(value, indent);
    }

    /** The same in one line. */
    String memberInline(String name, Object value) {
        return string(name) + colon + inline(value);
    }

    String pretty(Object value, String indent) {
        if (value instanceof Map<?, ?> map && !map.isEmpty()) {
            String inner = indent + unit;
            return map.entrySet().stream()
                    .map(entry -> inner + member((String) entry.getKey(), entry.getValue(), inner))
                    .collect(Collectors.joining("," + newline, "{" + newline, newline + indent + "}"));
        }
        return inline(value);
    }

    String inline(Object value) {
        if (value instanceof ConfigText.Raw raw) {
            return raw.text();
        }
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> memberInline((String) entry.getKey(), entry.getValue()))
                    .collect(Collectors.joining(comma, "{", "}"));
        }
        if (value instanceof List<?> list) {
            return list.stream().map(this::inline).collect(Collectors.joining(comma, "[", "]"));
        }
        return value instanceof String text ? string(text) : String.valueOf(value);
    }

    private static String string(String text) {
        return new String(JsonText.quote(text), StandardCharsets.UTF_8);
    }
}
