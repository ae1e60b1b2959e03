package dev.mpx.framing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Saves a String per message for the method names that come all the time. It does not matter which ones are here. */
final class MethodNames {
    private record Known(byte[] bytes, String name) {}

    private static final List<List<Known>> BY_LENGTH = byLength(
            "initialize", "ping", "server/discover", "logging/setLevel", "completion/complete",
            "tools/list", "tools/call", "prompts/list", "prompts/get",
            "resources/list", "resources/templates/list", "resources/read", "resources/subscribe", "resources/unsubscribe",
            "tasks/get", "tasks/result", "tasks/cancel", "tasks/list",
            "sampling/createMessage", "elicitation/create", "roots/list",
            "notifications/initialized", "notifications/cancelled", "notifications/progress", "notifications/message",
            "notifications/tools/list_changed", "notifications/prompts/list_changed",
            "notifications/resources/list_changed", "notifications/roots/list_changed",
            "notifications/resources/updated", "notifications/tasks/status", "notifications/elicitation/complete");

    private MethodNames() {}

    private static List<List<Known>> byLength(String... names) {
        List<List<Known>> table = new ArrayList<>();
        for (String name : names) {
            while (table.size() <= name.length()) {
                table.add(new ArrayList<>(0));
            }
            table.get(name.length()).add(new Known(name.getBytes(StandardCharsets.US_ASCII), name));
        }
        return table;
    }

    /** The text of a JSON string, of which {@code [from, to)} is what stands between the quotes. */
    static String decode(byte[] bytes, int from, int to) {
        int length = to - from;
        if (length < BY_LENGTH.size()) {
            List<Known> candidates = BY_LENGTH.get(length);
            for (int i = 0; i < candidates.size(); i++) {
                Known known = candidates.get(i);
                if (Arrays.equals(known.bytes, 0, length, bytes, from, to)) {
                    return known.name;
                }
            }
        }
        return JsonText.decode(bytes, from, to);
    }
}
