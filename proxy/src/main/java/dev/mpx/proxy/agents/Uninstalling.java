package dev.mpx.proxy.agents;

import dev.mpx.proxy.agents.text.ConfigText;
import dev.mpx.proxy.agents.text.Unreadable;
import dev.mpx.proxy.home.Environment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What it takes for agents to have their configuration back as it was before {@code mpx install}. Plans only; reads files. */
public final class Uninstalling {
    private final ServerLine line;
    private final Ledger ledger;
    private final AgentPlaces places;

    public Uninstalling(Environment environment, MpxProgram mpx) {
        this.line = new ServerLine(environment, mpx);
        this.ledger = new Ledger(environment);
        this.places = new AgentPlaces(environment);
    }

    /**
     * @param chosen these; if there are none, all that mpx has changed something for
     * @throws IOException if mpx's own records can't be read
     */
    public List<AgentPlan> plan(Set<Agent> chosen) throws IOException {
        List<Ledger.Entry> entries = ledger.entries();
        return Arrays.stream(Agent.values())
                .filter(agent -> chosen.isEmpty() || chosen.contains(agent))
                .map(agent -> plan(agent, entries.stream().filter(entry -> entry.agent() == agent).toList()))
                .filter(plan -> chosen.contains(plan.agent())
                        || !plan.edits().isEmpty() || !plan.notes().isEmpty() || !plan.failures().isEmpty())
                .toList();
    }

    private AgentPlan plan(Agent agent, List<Ledger.Entry> entries) {
        List<FileEdit> edits = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        List<String> failures = new ArrayList<>();
        for (Ledger.Entry entry : entries) {
            String left = entry.file() + " was left alone: ";
            try {
                plan(entry, edits, notes, failures);
            } catch (Unreadable e) {
                failures.add(left + "line " + e.line() + ", column " + e.column() + ": " + e.getMessage()
                        + ". Correct it and run this again"
                        + entry.whole().map(whole -> "; how it was before mpx is in " + ledger.backupFile(whole)).orElse("") + ".");
            } catch (IOException e) {
                failures.add(left + Reason.of(e) + ".");
            }
        }
        return new AgentPlan(agent, edits, notes, failures);
    }

    private void plan(Ledger.Entry entry, List<FileEdit> edits, List<String> notes, List<String> failures) throws IOException, Unreadable {
        ConfigFile config = ConfigFile.read(entry.file());
        if (config.bytes().isEmpty()) {
            notes.add(entry.file() + " is gone, so there is nothing to take back in it");
            return;
        }
        Optional<String> obstacle = config.obstacle();
        if (obstacle.isPresent()) {
            failures.add(entry.file() + " was left alone: " + obstacle.get() + ".");
        } else if (Ledger.digest(config.bytes().get()).equals(entry.left()) && (!entry.existed() || hasBackup(entry))) {
            Optional<byte[]> before = entry.existed() ? Optional.of(ledger.backup(entry.whole().orElseThrow())) : Optional.empty();
            String what = entry.existed() ? "it is again what it was" : "it was not there before";
            edits.add(new UninstallEdit(config, before, List.of(what), entry, true, ledger));
        } else {
            reverse(entry, config, edits, notes);
        }
    }

    private boolean hasBackup(Ledger.Entry entry) {
        return entry.whole().map(ledger::backupFile).filter(java.nio.file.Files::exists).isPresent();
    }

    private void reverse(Ledger.Entry entry, ConfigFile config, List<FileEdit> edits, List<String> notes) throws Unreadable {
        ConfigPlace.Language language = entry.file().toString().endsWith(".toml") ? ConfigPlace.Language.TOML : ConfigPlace.Language.JSON;
        ConfigText document = config.parse(language);
        Reversal reversal = new Reversal(document, entry.changes(), line);
        ConfigText after = reversal.run();
        List<List<String>> paths = entry.changes().stream().map(Change::path).toList();
        boolean hasHooks = entry.changes().stream().anyMatch(change -> change.kind() == Change.Kind.HOOK); // which may have moved
        if (!hasHooks && !Likeness.isSameBut(document.meaning(), after.meaning(), paths)) {
            throw Unreadable.of("mpx can't take its entry out of this file without changing more of it");
        }
        reversal.notes().forEach(note -> notes.add("in " + entry.file() + ", " + note));
        boolean isOfNoUse = !entry.existed() && after.root().members().isEmpty();
        Optional<byte[]> content = isOfNoUse ? Optional.empty() : Optional.of(after.text().getBytes(StandardCharsets.UTF_8));
        if (after.text().equals(document.text())) {
            return;
        }
        edits.add(new UninstallEdit(config, content, reversal.summary(), entry, false, ledger));
    }

    /** Agents that start mpx by an entry that is not {@code mpx install}'s: theirs to change. */
    public List<String> others() {
        List<String> others = new ArrayList<>();
        for (Agent agent : Agent.values()) {
            for (ConfigPlace place : places.of(agent)) {
                try {
                    ConfigFile config = ConfigFile.read(place.file());
                    boolean isShared = config.bytes().isPresent() && ledger.entry(place.file()).isEmpty()
                            && ServerEntry.in(config.parse(place.language()), place.tables()).stream()
                                    .anyMatch(entry -> line.kind(entry.argv()) == ServerLine.Kind.SHARED);
                    if (isShared) {
                        others.add(place.file() + " (" + agent.label()
                                + ") starts mpx by an entry that mpx install did not make; it was left alone");
                    }
                } catch (IOException | Unreadable unreadable) {
                    // said where it matters
                }
            }
        }
        return others;
    }
}
