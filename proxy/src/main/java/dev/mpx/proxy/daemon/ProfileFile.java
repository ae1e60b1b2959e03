package dev.mpx.proxy.daemon;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.mpx.framing.JsonValue;
import dev.mpx.proxy.home.Environment;
import dev.mpx.proxy.home.Home;
import dev.mpx.proxy.home.ServerCommand;
import dev.mpx.proxy.home.WholeFile;
import dev.mpx.proxy.mux.Json;
import dev.mpx.proxy.mux.Profiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * {@code profile.json}: what the last child answered, valid for the same executable (path and modification time), the
 * same arguments and the same declared capabilities. Read once when the daemon starts; written on a thread that may
 * block.
 */
final class ProfileFile implements Profiles {
    private static final Logger LOG = LoggerFactory.getLogger(ProfileFile.class);
    private static final long LARGEST = 16 << 20;

    private record Entry(byte[] declared, Profile profile) {}

    private final Path file;
    private final String key;
    private Optional<Entry> remembered;

    private ProfileFile(Path file, String key, Optional<Entry> remembered) {
        this.file = file;
        this.key = key;
        this.remembered = remembered;
    }

    /** Reads what is there; a file of another server, or one that makes no sense, counts as none. */
    static ProfileFile open(Home home, ServerCommand server, Environment environment) {
        String key = key(server, environment);
        return new ProfileFile(home.profile(), key, read(home.profile(), key));
    }

    private static String key(ServerCommand server, Environment environment) {
        Path program = server.program(environment);
        String modified;
        try {
            modified = Files.getLastModifiedTime(program).toString();
        } catch (IOException e) {
            modified = "unknown";
        }
        return String.join("\0", server.argv()) + "\0" + program + "\0" + modified;
    }

    private static Optional<Entry> read(Path file, String key) {
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > LARGEST) {
                return Optional.empty();
            }
            Optional<JsonValue> json = JsonValue.parse(Files.readAllBytes(file));
            return json.filter(j -> text(j, "key").filter(key::equals).isPresent()).flatMap(ProfileFile::entry);
        } catch (IOException e) {
            LOG.warn("{} can't be read and is ignored: {}", file, e.toString());
            return Optional.empty();
        }
    }

    private static Optional<Entry> entry(JsonValue json) {
        Optional<String> declared = text(json, "declared");
        Optional<String> initialize = text(json, "initialize").filter(ProfileFile::isOneLine);
        Map<String, byte[]> pages = new HashMap<>();
        json.get("pages").ifPresent(all -> all.members().forEach(page -> page.value()
                .text()
                .filter(ProfileFile::isOneLine)
                .map(ProfileFile::bytes)
                .filter(bytes -> JsonValue.parse(bytes).isPresent())
                .ifPresent(bytes -> pages.put(page.name(), bytes))));
        return declared.isPresent() && initialize.isPresent()
                ? Optional.of(new Entry(bytes(declared.get()), new Profile(bytes(initialize.get()), pages)))
                : Optional.empty();
    }

    /** What clients are told goes out in one line. */
    private static boolean isOneLine(String text) {
        return text.indexOf('\n') < 0 && text.indexOf('\r') < 0;
    }

    private static Optional<String> text(JsonValue json, String name) {
        return json.get(name).flatMap(JsonValue::text);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Optional<Profile> load(byte[] declared) {
        return remembered.filter(entry -> Arrays.equals(entry.declared(), declared)).map(Entry::profile);
    }

    @Override
    public void save(byte[] declared, Profile profile) {
        remembered = Optional.of(new Entry(declared, profile));
        byte[] json = Json.object(out -> write(out, declared, profile));
        Mono.fromCallable(() -> {
                    WholeFile.write(file, json);
                    return file;
                })
                .subscribeOn(Schedulers.boundedElastic())
                .subscribe(written -> LOG.debug("wrote {}", written), error -> LOG.warn("{} can't be written", file, error));
    }

    private void write(JsonGenerator out, byte[] declared, Profile profile) throws IOException {
        out.writeStringField("key", key);
        out.writeStringField("declared", new String(declared, StandardCharsets.UTF_8));
        out.writeStringField("initialize", new String(profile.initialize(), StandardCharsets.UTF_8));
        out.writeObjectFieldStart("pages");
        for (Map.Entry<String, byte[]> page : profile.pages().entrySet()) {
            out.writeStringField(page.getKey(), new String(page.getValue(), StandardCharsets.UTF_8));
        }
        out.writeEndObject();
    }
}
