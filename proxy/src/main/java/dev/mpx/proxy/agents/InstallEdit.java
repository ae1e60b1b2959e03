package dev.mpx.proxy.agents;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A file that is to start mpx: what was there is kept, and how to change it back is written down before anything is changed. */
record InstallEdit(Agent agent, ConfigFile config, byte[] content, List<Change> changes, List<String> summary, boolean isPrivate,
        Ledger ledger)
        implements FileEdit {
    @Override
    public Optional<byte[]> after() {
        return Optional.of(content);
    }

    @Override
    public Optional<Path> apply() throws IOException {
        Optional<Ledger.Entry> earlier = ledger.entry(file());
        Optional<Path> backup = config.bytes().isPresent() ? Optional.of(ledger.backUp(file(), config.bytes().get())) : Optional.empty();
        ledger.write(entry(earlier, backup));
        try {
            config.replace(content, isPrivate);
            return backup;
        } catch (IOException e) {
            if (earlier.isPresent()) {
                ledger.write(earlier.get());
            } else {
                ledger.forget(file());
            }
            if (backup.isPresent()) {
                Files.deleteIfExists(backup.get());
            }
            throw e;
        }
    }

    private Ledger.Entry entry(Optional<Ledger.Entry> earlier, Optional<Path> backup) {
        String left = Ledger.digest(content);
        if (earlier.isEmpty()) {
            List<Path> directories = new ArrayList<>();
            for (Path missing = config.target().getParent(); missing != null && !Files.exists(missing); missing = missing.getParent()) {
                directories.add(0, missing);
            }
            return new Ledger.Entry(agent, file(), config.bytes().isPresent(), left,
                    backup.map(path -> path.getFileName().toString()), directories, changes);
        }
        Ledger.Entry old = earlier.get();
        List<Change> all = new ArrayList<>(old.changes());
        all.removeIf(change -> changes.stream().anyMatch(newer -> newer.path().equals(change.path())));
        all.addAll(changes);
        boolean isUntouched = config.bytes().filter(bytes -> Ledger.digest(bytes).equals(old.left())).isPresent();
        // what somebody else has changed in between is theirs, so the first content is not to come back as a whole
        String none = isUntouched ? left : "";
        return new Ledger.Entry(agent, file(), old.existed(), none, isUntouched ? old.whole() : Optional.empty(), old.directories(), all);
    }
}
