package dev.mpx.proxy.service;

import dev.mpx.proxy.home.WholeFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The file that describes a service. Blocks. */
record UnitFile(Path file) {
    Optional<String> text() {
        try {
            return Files.exists(file) ? Optional.of(Files.readString(file, StandardCharsets.UTF_8)) : Optional.empty();
        } catch (IOException unreadable) {
            return Optional.of("");
        }
    }

    /** Who else has it, in a sentence. */
    Optional<String> collision(Path home) {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        String there = text().orElse("");
        if (ServiceSpec.isFor(there, home)) {
            return Optional.empty();
        }
        return Optional.of(ServiceSpec.isOurs(there)
                ? file + " is the service of another home of mpx. Choose another name for this one with --name."
                : file + " is there and not mpx's. Move it away, or choose another name with --name.");
    }

    boolean isFor(Path home) {
        return text().filter(there -> ServiceSpec.isFor(there, home)).isPresent();
    }

    /**
     * The services of that home that are described in this directory, by their names, whatever those are.
     *
     * @param prefix what stands before a name in a file's
     * @param suffix and behind it
     */
    List<String> names(Path home, String prefix, String suffix) {
        if (!Files.isDirectory(file.getParent())) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(file.getParent())) {
            return all.filter(Files::isRegularFile)
                    .filter(one -> new UnitFile(one).isFor(home))
                    .map(one -> one.getFileName().toString())
                    .filter(name -> name.startsWith(prefix) && name.endsWith(suffix))
                    .map(name -> name.substring(prefix.length(), name.length() - suffix.length()))
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException unreadable) {
            return List.of();
        }
    }

    /** Readable by this user alone, since variables may hold secrets. */
    void write(String text) throws IOException {
        Files.createDirectories(file.getParent());
        WholeFile.write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    void delete() throws IOException {
        Files.deleteIfExists(file);
    }
}
