package dev.mpx.proxy.agents;

import dev.mpx.proxy.agents.text.Node;
import java.util.ArrayList;
import java.util.List;

/** The commands under {@code hooks}, however an agent nests them. Stateless. */
final class Hooks {
    static final String TABLE = "hooks";

    /** A command, and where it stands. */
    record Command(Node.Text text, List<String> path) {}

    private Hooks() {}

    static List<Command> in(Node.Table root) {
        List<Command> commands = new ArrayList<>();
        root.get(TABLE).ifPresent(hooks -> collect(hooks, List.of(TABLE), commands));
        return commands;
    }

    private static void collect(Node node, List<String> path, List<Command> commands) {
        if (node instanceof Node.Table table) {
            for (Node.Member member : table.counting()) {
                List<String> inner = ServerEntry.with(path, member.name());
                if (member.value() instanceof Node.Text text && (member.name().equals("command") || member.name().equals("bash"))) {
                    commands.add(new Command(text, inner));
                } else {
                    collect(member.value(), inner, commands);
                }
            }
        } else if (node instanceof Node.Sequence list) {
            for (int at = 0; at < list.elements().size(); at++) {
                collect(list.elements().get(at), ServerEntry.with(path, Integer.toString(at)), commands);
            }
        }
    }
}
