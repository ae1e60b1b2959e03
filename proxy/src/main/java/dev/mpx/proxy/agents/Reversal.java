package dev.mpx.proxy.agents;

import dev.mpx.proxy.agents.text.ConfigText;
import dev.mpx.proxy.agents.text.JsonDocument;
import dev.mpx.proxy.agents.text.Node;
import dev.mpx.proxy.agents.text.Splice;
import dev.mpx.proxy.agents.text.Unreadable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Takes mpx's own changes back out of a file that others have changed since. Not thread-safe. */
final class Reversal {
    private final ServerLine line;
    private final List<Change> changes;
    private final List<String> summary = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private ConfigText document;

    Reversal(ConfigText document, List<Change> changes, ServerLine line) {
        this.document = document;
        this.changes = changes;
        this.line = line;
    }

    List<String> summary() {
        return summary;
    }

    List<String> notes() {
        return notes;
    }

    /** The text without them; the later ones first, one after the other, as what one puts back may move the next. */
    ConfigText run() throws Unreadable {
        for (int at = changes.size() - 1; at >= 0; at--) {
            List<Splice> splices = undo(changes.get(at));
            if (!splices.isEmpty()) {
                document = document.with(splices);
            }
        }
        return document;
    }

    private List<Splice> undo(Change change) throws Unreadable {
        return switch (change.kind()) {
            case SET -> set(change);
            case ADD -> added(change);
            case ENTRY -> entry(change);
            case HOOK -> hook(change);
        };
    }

    private boolean isOurs(Node node, Change change) throws Unreadable {
        return node.plain().equals(JsonDocument.value(change.ours()));
    }

    private List<Splice> set(Change change) throws Unreadable {
        Optional<Node> now = document.root().at(change.path());
        if (now.isEmpty()) {
            return left(change, "is gone");
        }
        String former = change.former().orElseThrow();
        if (isOurs(now.get(), change)) {
            summary.add(name(change) + " is " + former.replaceAll("\\s+", " ") + " again");
            return List.of(document.set(now.get(), new ConfigText.Raw(former)));
        }
        return now.get() instanceof Node.Sequence list ? words(change, list) : left(change, "was changed since");
    }

    /** A list in which others have changed words: the ones that mpx put first go. */
    private List<Splice> words(Change change, Node.Sequence list) throws Unreadable {
        List<Node> ours = ((Node.Sequence) JsonDocument.parse("{\"ours\":" + change.ours() + "}").root().get("ours").orElseThrow())
                .elements();
        int dashes = 0;
        while (dashes < ours.size() && dashes < 2 && !ours.get(dashes).plain().equals("--")) {
            dashes++;
        }
        List<String> now = list.elements().stream().flatMap(each -> each.text().stream()).toList();
        boolean hasOurs = dashes < 2 && now.size() > dashes + 1 && now.size() == list.elements().size()
                && now.get(dashes).equals("--") && (dashes == 0 || now.get(0).equals(ours.get(0).plain()));
        if (!hasOurs) {
            return left(change, "was changed since");
        }
        boolean isCommand = change.path().get(change.path().size() - 1).equals(ServerEntry.COMMAND);
        List<String> rest = now.subList(isCommand ? dashes + 1 : dashes + 2, now.size());
        summary.add(name(change) + " is " + rest + " again");
        return List.of(document.set(list, rest));
    }

    private List<Splice> added(Change change) throws Unreadable {
        Optional<Node> now = document.root().at(change.path());
        if (now.isEmpty()) {
            return List.of();
        }
        if (isOurs(now.get(), change)) {
            return document.remove(change.path());
        }
        return now.get() instanceof Node.Sequence list ? words(change, list) : left(change, "was changed since");
    }

    private List<Splice> entry(Change change) throws Unreadable {
        Optional<Node> now = document.root().at(change.path());
        if (now.isEmpty()) {
            return left(change, "is gone");
        }
        boolean startsMpx = ServerEntry.of(change.path(), now.get()).map(entry -> line.kind(entry.argv()))
                .filter(kind -> kind == ServerLine.Kind.SHARED || kind == ServerLine.Kind.LOST).isPresent();
        if (!startsMpx && !isOurs(now.get(), change)) {
            return left(change, "starts something else now");
        }
        summary.add(name(change) + " is gone");
        List<String> table = change.path().subList(0, change.path().size() - 1);
        boolean isAlone = document.root().at(table).filter(node -> node instanceof Node.Table all && all.members().size() == 1).isPresent();
        if (!isAlone || change.former().isEmpty()) {
            return document.remove(change.path());
        }
        return change.former().get().isEmpty()
                ? document.remove(table)
                : List.of(document.set(document.root().at(table).orElseThrow(), new ConfigText.Raw(change.former().get())));
    }

    /** Others may have put hooks before it, so it is looked for by what it says. */
    private List<Splice> hook(Change change) throws Unreadable {
        for (Hooks.Command hook : Hooks.in(document.root())) {
            if (isOurs(hook.text(), change)) {
                summary.add("a hook runs " + change.former().orElseThrow() + " again");
                return List.of(document.set(hook.text(), change.former().orElseThrow()));
            }
        }
        return left(change, "was changed since");
    }

    private List<Splice> left(Change change, String why) {
        notes.add(name(change) + " " + why + ", so it was left alone");
        return List.of();
    }

    private static String name(Change change) {
        return change.kind() == Change.Kind.HOOK ? "the hook \"" + change.former().orElse("") + "\"" : String.join(".", change.path());
    }
}
