package dev.mpx.proxy.daemon;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.mpx.framing.JsonValue;
import dev.mpx.proxy.home.Environment;
import dev.mpx.proxy.home.Home;
import dev.mpx.proxy.home.ServerCommand;
import dev.mpx.proxy.home.WholeFile;
import dev.mpx.proxy.mux.Json;
import dev.mpx.proxy.mux.Profiles;
import dev.mpx.transports.Launcher;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * {@code profile.json}: what the last child answered, valid for the same executable (path and modification time), the
 * same arguments and the same declared capabilities. Read once when the daemon starts; written on threads that may
 * block, one save after the other.
 *
 * <p>The executable may be upgraded while the daemon runs. So the key is that of the moment before a child's start, and
 * what the child answers is kept only if the executable is still the same when it is written: else nobody knows which of
 * the two has answered.
 */
final class ProfileFile implements Profiles {
    private static final Logger LOG = LoggerFactory.getLogger(ProfileFile.class);
    private static final long LARGEST = 16 << 20;

    private record Entry(String key, byte[] declared, Profile profile) {}

    private final Path file;
    private final Supplier<String> keys;
    /** One at a time, and in their order: the last one is what stays. */
    private final Scheduler writer = Schedulers.single(Schedulers.boundedElastic());
    /** Of the executable that was started last, or will be started first. */
    private volatile String key;

    private Optional<Entry> remembered;

    private ProfileFile(Path file, Supplier<String> keys) {
        this.file = file;
        this.keys = keys;
        this.key = keys.get();
        this.remembered = read(file, key);
    }

    /** Reads what is there; a file of another server, or one that makes no sense, counts as none. */
    static ProfileFile open(Home home, ServerCommand server, Environment environment) {
        return new ProfileFile(home.profile(), () -> key(server, environment));
    }

    /** The same launcher, but that it is seen here which executable each start begins with. */
    Launcher watching(Launcher launcher) {
        return () -> Mono.fromCallable(keys::get)
                .subscribeOn(Schedulers.boundedElastic())
                .doOnNext(now -> key = now)
                .then(Mono.defer(launcher::launch));
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
            return json.filter(j -> text(j, "key").filter(key::equals).isPresent()).flatMap(j -> entry(j, key));
        } catch (IOException e) {
            LOG.warn("{} can't be read and is ignored: {}", file, e.toString());
            return Optional.empty();
        }
    }

    private static Optional<Entry> entry(JsonValue json, String key) {
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
                ? Optional.of(new Entry(key, bytes(declared.get()), new Profile(bytes(initialize.get()), pages)))
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
        return remembered
                .filter(entry -> entry.key().equals(key) && Arrays.equals(entry.declared(), declared))
                .map(Entry::profile);
    }

    @Override
    public void save(byte[] declared, Profile profile) {
        Entry entry = new Entry(key, declared, profile);
        remembered = Optional.of(entry);
        Mono.fromCallable(() -> writeIfStillTrue(entry))
                .subscribeOn(writer)
                .subscribe(done -> {}, error -> LOG.warn("{} can't be written", file, error));
    }

    private boolean writeIfStillTrue(Entry entry) throws IOException {
        boolean still = keys.get().equals(entry.key());
        if (still) {
            WholeFile.write(file, Json.object(out -> write(out, entry)));
        } else {
            LOG.info("the server's program was replaced after its start; what it answered is not kept");
        }
        return still;
    }

    /** Completes when whatever was saved so far is written. */
    Mono<Void> written() {
        return Mono.<Void>fromRunnable(() -> {}).subscribeOn(writer);
    }

    private static void write(JsonGenerator out, Entry entry) throws IOException {
        out.writeStringField("key", entry.key());
        out.writeStringField("declared", new String(entry.declared(), StandardCharsets.UTF_8));
        out.writeStringField("initialize", new String(entry.profile().initialize(), StandardCharsets.UTF_8));
        out.writeObjectFieldStart("pages");
        for (Map.Entry<String, byte[]> page : entry.profile().pages().entrySet()) {
            out.writeStringField(page.getKey(), new String(page.getValue(), StandardCharsets.UTF_8));
        }
        out.writeEndObject();
    }
}
