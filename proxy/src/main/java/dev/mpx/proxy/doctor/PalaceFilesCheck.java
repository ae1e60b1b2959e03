package dev.mpx.proxy.doctor;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/** The palace's own files, by their names and sizes alone: an index that has run away, copies that were set aside, heaps of lock files. */
final class PalaceFilesCheck implements Check {
    /** More than any mines that run at once have. */
    private static final int MANY_LOCKS = 500;
    /** The upper layers of an index hold a sixteenth of its nodes, without their vectors: a few percent of the lowest layer. */
    private static final int RUNAWAY_RATIO = 2;
    private static final long RUNAWAY_FROM = 256L << 20;
    private static final int MOST_FILES = 300_000;
    private static final int MANY_COPIES = 3;

    @Override
    public String name() {
        return "palace";
    }

    @Override
    public List<Finding> look(Patient patient) throws IOException {
        if (patient.palace().isEmpty()) {
            return List.of(Finding.ok("none: another server is shared"));
        }
        Path palace = patient.palace().get().path();
        List<Finding> findings = new ArrayList<>();
        if (Files.isDirectory(palace)) {
            Walk walk = new Walk();
            Files.walkFileTree(palace, walk);
            findings.add(Finding.ok(palace + ", " + (walk.isWhole() ? "" : "more than ") + Sizes.text(walk.bytes)));
            for (Path file : walk.runaways) {
                findings.add(runaway(patient, file));
            }
            if (walk.copies >= MANY_COPIES) {
                findings.add(Finding.warn(walk.copies + " parts of the index were set aside as broken (.drift-…, .corrupt-…), "
                                + Sizes.text(walk.copyBytes),
                        "Either something breaks the index, as a second writer does, or the server's version takes a healthy one for"
                                + " broken (see \"server\").",
                        "see that nothing writes beside mpx (below); remove the copies when search works"));
            }
        } else {
            findings.add(Finding.ok(palace + ", not there yet"));
        }
        locks(patient, findings);
        return findings;
    }

    private static Finding runaway(Patient patient, Path file) throws IOException {
        return Finding.fault(file + " has run away: " + Sizes.text(Files.size(file)),
                "The vector index is broken and fills the disk; the texts, in chroma.sqlite3, are not in it.",
                patient.command("stop") + ", upgrade MemPalace (3.6 or newer), then: mempalace repair --mode from-sqlite");
    }

    /** MemPalace keeps one for each file that it ever mined, unless its version is a late one. */
    private static void locks(Patient patient, List<Finding> findings) throws IOException {
        Path directory = patient.environment().userHome().resolve(".mempalace/locks");
        if (!Files.isDirectory(directory)) {
            return;
        }
        int count = 0;
        try (DirectoryStream<Path> locks = Files.newDirectoryStream(directory, "*.lock")) {
            for (Path lock : locks) {
                count += lock.getFileName().toString().startsWith("mine_palace_") ? 0 : 1;
            }
        }
        if (count > MANY_LOCKS) {
            // removing one that somebody is about to lock would let two in: so while the palace is lent and nobody runs
            findings.add(Finding.warn(count + " lock files of mines lie in " + directory,
                    "Nobody holds them any more; each look at that directory takes longer.",
                    "mpx run -- find " + directory + " -name '*.lock' ! -name 'mine_palace_*' -mmin +60 -delete"));
        }
    }

    /** Not thread-safe. */
    private static final class Walk extends SimpleFileVisitor<Path> {
        private final List<Path> runaways = new ArrayList<>();
        private long bytes;
        private long copyBytes;
        private int copies;
        private int files;

        boolean isWhole() {
            return files < MOST_FILES;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            copies += isCopy(directory) ? 1 : 0;
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            files++;
            bytes += attributes.size();
            copyBytes += isCopy(file.getParent()) ? attributes.size() : 0;
            if (file.endsWith("link_lists.bin") && attributes.size() > RUNAWAY_FROM
                    && attributes.size() > RUNAWAY_RATIO * sizeOf(file.resolveSibling("data_level0.bin"))) {
                runaways.add(file);
            }
            return Thread.interrupted() || !isWhole() ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException gone) {
            return FileVisitResult.CONTINUE;
        }

        private static boolean isCopy(Path directory) {
            String name = directory.getFileName().toString();
            return name.contains(".drift-") || name.contains(".corrupt");
        }

        private static long sizeOf(Path file) throws IOException {
            return Files.exists(file) ? Files.size(file) : 0;
        }
    }
}
