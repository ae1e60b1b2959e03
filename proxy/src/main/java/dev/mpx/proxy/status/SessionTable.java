package dev.mpx.proxy.status;

import dev.mpx.proxy.mux.Introduction;
import dev.mpx.proxy.mux.Snapshot;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;

/** Who is connected: one line each, and of many the busiest. */
final class SessionTable {
    /** What a person still takes in, where nothing else bounds it. */
    private static final int MOST = 15;
    private static final int FEWEST = 3;
    /** The title, and what is said of those left out. */
    private static final int AROUND = 2;

    private static final int AGENT = 26;
    private static final int WIDE_AGENT = 36;
    private static final int WIDE = 100;

    private final List<Snapshot.Client> sessions;

    SessionTable(Snapshot snapshot) {
        this.sessions = snapshot.clients().stream().filter(SessionTable::isSession).toList();
    }

    int size() {
        return sessions.size();
    }

    /** @param others how many lines the rest of the status has */
    void writeTo(Page page, int others) {
        if (sessions.isEmpty()) {
            return;
        }
        Layout layout = page.layout();
        int room = layout.rows().isPresent() ? Math.max(FEWEST, layout.rows().getAsInt() - others - AROUND) : MOST;
        boolean isWhole = layout.all() || sessions.size() <= room;
        List<Snapshot.Client> shown = isWhole ? sessions : sessions.stream()
                .sorted(Comparator.comparingInt(Snapshot.Client::open).reversed().thenComparing(Comparator.comparing(Snapshot.Client::connectedFor)))
                .limit(room).toList();
        Table table = new Table(
                new Table.Column("agent", layout.width() < WIDE ? AGENT : WIDE_AGENT, false), new Table.Column("pid", 10, true),
                new Table.Column("for", 8, true), new Table.Column("open", 6, true), new Table.Column("answered", 9, true),
                new Table.Column("directory", 0, false));
        for (Snapshot.Client client : shown) {
            table.pathRow(name(client), pid(client), Amounts.age(client.connectedFor()), Integer.toString(client.open()),
                    Long.toString(client.answered()), host(client), client.introduction().map(Introduction::directory).orElse(""));
        }
        page.blank();
        table.writeTo(page, new Line(), 0);
        if (!isWhole) {
            page.add(Line.of("and " + (sessions.size() - shown.size()) + " more: mpx status --all"));
        }
    }

    /** A connection that has said nothing yet is not worth a line. */
    private static boolean isSession(Snapshot.Client client) {
        return client.introduction().isPresent() || !client.revision().isEmpty() || client.open() > 0;
    }

    /** As it calls itself, else by its program. */
    static String agent(Snapshot.Client client) {
        return client.name().isEmpty() ? client.introduction().map(Introduction::parent).orElse("") : client.name();
    }

    private static String name(Snapshot.Client client) {
        String version = client.version();
        return version.isEmpty() ? agent(client) : agent(client) + " " + version;
    }

    /** The machine, for one who comes from another. */
    private static String host(Snapshot.Client client) {
        return client.peer().isGuest() ? client.introduction().map(who -> who.host() + ":").orElse("") : "";
    }

    private static String pid(Snapshot.Client client) {
        OptionalLong known = client.peer().isGuest() ? OptionalLong.empty() : client.peer().pid(); // that of sshd, for a guest
        OptionalLong agent = client.introduction().map(Introduction::parentPid).orElse(known);
        return agent.isPresent() ? Long.toString(agent.getAsLong()) : "";
    }
}
