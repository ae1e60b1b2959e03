package dev.mpx.proxy.agents.text;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** TOML strings and values to and from Java's. Stateless. */
final class TomlStrings {
    private TomlStrings() {}

    /** What stands between the quotes of a basic string. An escape that does not exist stays as it is. */
    static String decode(String raw) {
        if (raw.indexOf('\\') < 0) {
            return raw;
        }
        StringBuilder text = new StringBuilder();
        for (int at = 0; at < raw.length(); at++) {
            char c = raw.charAt(at);
            if (c != '\\' || at + 1 == raw.length()) {
                text.append(c);
                continue;
            }
            char kind = raw.charAt(++at);
            int digits = kind == 'u' ? 4 : kind == 'U' ? 8 : 0;
            int plain = "btnfr\"\\".indexOf(kind);
            if (plain >= 0) {
                text.append("\b\t\n\f\r\"\\".charAt(plain));
            } else if (digits > 0 && raw.substring(at + 1).matches("(?s)[0-9a-fA-F]{" + digits + "}.*")) {
                text.append(codePoint(raw.substring(at + 1, at + 1 + digits)));
                at += digits;
            } else if (Character.isWhitespace(kind)) {
                while (at + 1 < raw.length() && Character.isWhitespace(raw.charAt(at + 1))) {
                    at++;
                }
            } else {
                text.append(c).append(kind);
            }
        }
        return text.toString();
    }

    private static String codePoint(String hex) {
        long value = Long.parseLong(hex, 16);
        return Character.isValidCodePoint((int) value) && value <= Character.MAX_CODE_POINT ? Character.toString((int) value) : "\uFFFD";
    }

    static String key(String name) {
        return name.matches("[A-Za-z0-9_-]+") ? name : string(name);
    }

    static String string(String text) {
        StringBuilder written = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            int plain = "\b\t\n\f\r\"\\".indexOf(c);
            if (plain >= 0) {
                written.append('\\').append("btnfr\"\\".charAt(plain));
            } else if (c < ' ' || c == 0x7f) {
                written.append(String.format("\\u%04x", (int) c));
            } else {
                written.append(c);
            }
        }
        return written.append('"').toString();
    }

    static String inline(Object value) {
        if (value instanceof ConfigText.Raw raw) {
            return raw.text();
        }
        if (value instanceof Map<?, ?> map) {
            return map.isEmpty() ? "{}" : map.entrySet().stream()
                    .map(entry -> key((String) entry.getKey()) + " = " + inline(entry.getValue()))
                    .collect(Collectors.joining(", ", "{ ", " }"));
        }
        if (value instanceof List<?> list) {
            return list.stream().map(TomlStrings::inline).collect(Collectors.joining(", ", "[", "]"));
        }
        return value instanceof String text ? string(text) : String.valueOf(value);
    }
}
