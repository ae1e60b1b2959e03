package dev.mpx.proxy.agents;

import dev.mpx.proxy.agents.text.ConfigText;
import dev.mpx.proxy.agents.text.JsonDocument;
import dev.mpx.proxy.agents.text.TomlDocument;
import dev.mpx.proxy.agents.text.Unreadable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A configuration file as it was read.
 *
 * @param named its name for the agent
 * @param target the file that this leads to, past symbolic links
 * @param bytes what was in it; empty if it was not there
 */
record ConfigFile(Path named, Path target, Optional<byte[]> bytes) {
    private static final int MOST_LINKS = 40;

    static ConfigFile read(Path named) throws IOException {
        Path target = target(named, 0);
        try {
            return new ConfigFile(named, target, Optional.of(Files.readAllBytes(target)));
        } catch (NoSuchFileException none) {
            return new ConfigFile(named, target, Optional.empty());
        }
    }

    /** Links are followed to the end, also where that is not there yet. */
    private static Path target(Path file, int links) throws IOException {
        if (Files.exists(file)) {
            return file.toRealPath();
        }
        if (Files.isSymbolicLink(file) && links < MOST_LINKS) {
            return target(file.resolveSibling(Files.readSymbolicLink(file)).normalize(), links + 1);
        }
        return file;
    }

    ConfigText parse(ConfigPlace.Language language) throws Unreadable {
        String text = text(bytes.orElse(new byte[0]));
        return language == ConfigPlace.Language.TOML ? TomlDocument.parse(text) : JsonDocument.parse(text);
    }

    private static String text(byte[] bytes) throws Unreadable {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw Unreadable.inBytes(bytes);
        }
    }

    /** Why it can't be changed, as a part of a sentence; empty if it can. Root may write anything, and should not. */
    Optional<String> obstacle() throws IOException {
        if (bytes.isEmpty()) {
            Path there = target.getParent();
            while (there != null && !Files.exists(there)) {
                there = there.getParent();
            }
            return there == null || Files.isDirectory(there) && Files.isWritable(there)
                    ? Optional.empty() : Optional.of("you may not make files in " + there);
        }
        if (!Files.isRegularFile(target)) {
            return Optional.of("it is no regular file");
        }
        if (!Files.getPosixFilePermissions(target).contains(PosixFilePermission.OWNER_WRITE) || !Files.isWritable(target)) {
            return Optional.of("it is read-only" + (target.equals(named) ? "" : " (" + target + ")"));
        }
        return Files.isWritable(target.getParent()) ? Optional.empty() : Optional.of("you may not make files in " + target.getParent());
    }

    /**
     * Puts other bytes into the file in one step, with the same mode and owner; makes it if it was not there.
     *
     * @return the directories that had to be made for it, the outermost first
     * @throws IOException also if the file is not as it was read any more: then nothing is written
     */
    List<Path> replace(byte[] other, boolean isPrivate) throws IOException {
        List<Path> made = makeDirectories(target.getParent());
        Path temporary = Files.createTempFile(target.getParent(), "." + target.getFileName() + ".", ".mpx");
        try {
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                ByteBuffer rest = ByteBuffer.wrap(other);
                while (rest.hasRemaining()) {
                    channel.write(rest);
                }
                channel.force(true);
            }
            if (bytes.isPresent()) {
                takeOver(temporary);
            } else if (!isPrivate) {
                Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rw-r--r--"));
            }
            failIfChanged();
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
        return made;
    }

    private static List<Path> makeDirectories(Path directory) throws IOException {
        List<Path> made = new ArrayList<>();
        for (Path missing = directory; missing != null && !Files.exists(missing); missing = missing.getParent()) {
            made.add(0, missing);
        }
        Files.createDirectories(directory);
        return made;
    }

    private void takeOver(Path temporary) throws IOException {
        PosixFileAttributes was = Files.readAttributes(target, PosixFileAttributes.class);
        PosixFileAttributeView view = Files.getFileAttributeView(temporary, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        PosixFileAttributes is = view.readAttributes();
        if (!is.owner().equals(was.owner())) {
            view.setOwner(was.owner());
        }
        if (!is.group().equals(was.group())) {
            view.setGroup(was.group());
        }
        view.setPermissions(Set.copyOf(was.permissions()));
    }

    /** Takes the file away, if it is as it was read. */
    void delete() throws IOException {
        failIfChanged();
        Files.delete(target);
    }

    private void failIfChanged() throws IOException {
        ConfigFile now = read(named);
        boolean isSame = now.bytes.isPresent() == bytes.isPresent() && now.target.equals(target)
                && Arrays.equals(now.bytes.orElse(new byte[0]), bytes.orElse(new byte[0]));
        if (!isSame) {
            throw new IOException("somebody else has just changed it; it was left alone, so run this again");
        }
    }
}
