package dev.mpx.proxy.agents;

import dev.mpx.proxy.agents.text.ConfigText;
import dev.mpx.proxy.agents.text.JsonDocument;
import dev.mpx.proxy.agents.text.Node;
import dev.mpx.proxy.agents.text.Splice;
import dev.mpx.proxy.agents.text.Unreadable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Collects what is to be changed in one file, and sees that nothing else changes with it. Not thread-safe. */
final class FilePlanner {
    private final ConfigText document;
    private final ServerLine line;
    private final HookCommand hookCommand;
    private final List<Splice> splices = new ArrayList<>();
    private final List<Change> changes = new ArrayList<>();
    private final List<String> summary = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private boolean hasPalace;

    FilePlanner(ConfigText document, ServerLine line, HookCommand hookCommand) {
        this.document = document;
        this.line = line;
        this.hookCommand = hookCommand;
    }

    /** Entries that start a palace server of their own come to start mpx. */
    FilePlanner servers(List<List<String>> tables) {
        for (ServerEntry entry : ServerEntry.in(document, tables)) {
            ServerLine.Kind kind = line.kind(entry.argv());
            hasPalace |= kind != ServerLine.Kind.OTHER;
            if (kind == ServerLine.Kind.BARE || kind == ServerLine.Kind.LOST) {
                share(entry);
            } else if (kind == ServerLine.Kind.OTHER && ServerLine.speaksOfPalace(entry.argv()) && !entry.argv().get(0).endsWith("mpx")) {
                hasPalace = true;
                notes.add(String.join(".", entry.path()) + " starts \"" + String.join(" ", entry.argv())
                        + "\", which mpx does not know to be the palace's server; it was left alone. If it is, write: mpx --"
                                + " COMMAND ARGS…");
            }
        }
        Repetition.in(document, tables, line).forEach(repetition -> notes.add(repetition.sentence()));
        return this;
    }

    boolean hasPalace() {
        return hasPalace;
    }

    List<String> notes() {
        return notes;
    }

    private void share(ServerEntry entry) {
        ServerLine.Rewrite rewrite = line.rewrite(entry.argv());
        Node.Table table = (Node.Table) document.root().at(entry.path()).orElseThrow();
        Node command = table.get(ServerEntry.COMMAND).orElseThrow();
        List<String> commandPath = ServerEntry.with(entry.path(), ServerEntry.COMMAND);
        List<String> argv = ServerLine.applied(entry.argv(), rewrite);
        if (entry.isList()) {
            Node.Sequence list = (Node.Sequence) command;
            Node first = list.elements().get(0);
            if (rewrite.inserted().isEmpty()) {
                splices.add(document.set(first, rewrite.program()));
            } else {
                splices.addAll(document.prepend(list, List.of(rewrite.program(), "--")));
            }
            changed(Change.Kind.SET, commandPath, Optional.of(document.written(command)), argv);
        } else {
            splices.add(document.set(command, rewrite.program()));
            changed(Change.Kind.SET, commandPath, Optional.of(document.written(command)), rewrite.program());
            if (!rewrite.inserted().isEmpty()) {
                arguments(entry, table, rewrite.inserted(), argv.subList(1, argv.size()));
            }
        }
        summary.add(String.join(".", entry.path()) + " starts " + String.join(" ", argv));
    }

    private void arguments(ServerEntry entry, Node.Table table, List<String> inserted, List<String> all) {
        Optional<Node> args = table.get(ServerEntry.ARGS);
        List<String> path = ServerEntry.with(entry.path(), ServerEntry.ARGS);
        if (args.isPresent() && args.get() instanceof Node.Sequence list) {
            splices.addAll(document.prepend(list, inserted));
            changed(Change.Kind.SET, path, Optional.of(document.written(list)), all);
        } else if (args.isPresent()) { // null, or something that no agent takes
            splices.add(document.set(args.get(), inserted));
            changed(Change.Kind.SET, path, Optional.of(document.written(args.get())), inserted);
        } else {
            splices.addAll(document.addBeside(entry.path(), ServerEntry.COMMAND, ServerEntry.ARGS, inserted));
            changed(Change.Kind.ADD, path, Optional.empty(), inserted);
        }
    }

    /** A new entry. @throws Unreadable if its table is something else */
    void add(List<String> table, String name, Map<String, Object> value) throws Unreadable {
        splices.addAll(document.add(table, name, value));
        Optional<Node> there = document.root().at(table);
        Optional<String> empty = there.isEmpty() ? Optional.of("")
                : there.filter(node -> node instanceof Node.Table all && all.members().isEmpty()).map(document::written);
        List<String> path = ServerEntry.with(table, name);
        changed(Change.Kind.ENTRY, path, empty, value);
        summary.add(String.join(".", path) + " is new");
    }

    /** Hooks that call mempalace come to call it through mpx. */
    FilePlanner hooks() {
        for (Hooks.Command hook : Hooks.in(document.root())) {
            String command = hook.text().value();
            Optional<String> other = hookCommand.rewritten(command);
            if (other.isPresent()) {
                splices.add(document.set(hook.text(), other.get()));
                changed(Change.Kind.HOOK, hook.path(), Optional.of(command), other.get());
                summary.add("a hook runs " + other.get());
            } else if (HookCommand.callsMempalace(command)) {
                notes.add("the hook \"" + command + "\" " + hookCommand.advice());
            }
        }
        return this;
    }

    private void changed(Change.Kind kind, List<String> path, Optional<String> former, Object ours) {
        changes.add(new Change(kind, path, former, JsonDocument.write(ours)));
    }

    List<Change> changes() {
        return changes;
    }

    List<String> summary() {
        return summary;
    }

    /**
     * The file with all changes.
     *
     * @throws Unreadable if it would not be what it should: then the file is to be left alone
     */
    byte[] result() throws Unreadable {
        ConfigText after = document.with(splices);
        for (Change change : changes) {
            Optional<Object> is = after.root().at(change.path()).map(Node::plain);
            if (!is.equals(Optional.of(JsonDocument.value(change.ours())))) {
                throw Unreadable.of("mpx can't change " + String.join(".", change.path()) + " in the way this file is written");
            }
        }
        if (!Likeness.isSameBut(document.meaning(), after.meaning(), changes.stream().map(Change::path).toList())) {
            throw Unreadable.of("mpx can't change this file without changing more of it than its own entry");
        }
        return after.text().getBytes(StandardCharsets.UTF_8);
    }
}
