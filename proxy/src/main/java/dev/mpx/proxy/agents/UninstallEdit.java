package dev.mpx.proxy.agents;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A file that is to be as it was before mpx. Its record goes with it; its backup only if the file is the same again. */
record UninstallEdit(ConfigFile config, Optional<byte[]> after, List<String> summary, Ledger.Entry entry, boolean isExact, Ledger ledger)
        implements FileEdit {
    @Override
    public Optional<Path> apply() throws IOException {
        if (after.isPresent()) {
            config.replace(after.get(), true);
        } else {
            config.delete();
            removeDirectories();
        }
        ledger.forget(file());
        Optional<Path> backup = entry.whole().map(ledger::backupFile);
        if (isExact && backup.isPresent()) {
            Files.deleteIfExists(backup.get());
            return Optional.empty();
        }
        return backup.filter(Files::exists);
    }

    /** Those that were made for the file, as long as nothing else is in them. */
    private void removeDirectories() throws IOException {
        for (int at = entry.directories().size() - 1; at >= 0; at--) {
            try {
                Files.deleteIfExists(entry.directories().get(at));
            } catch (DirectoryNotEmptyException others) {
                return;
            }
        }
    }
}
