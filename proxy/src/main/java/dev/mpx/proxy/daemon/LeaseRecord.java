package dev.mpx.proxy.daemon;

import dev.mpx.framing.JsonText;
import dev.mpx.framing.JsonValue;
import dev.mpx.proxy.home.BootId;
import dev.mpx.proxy.home.ProcessIdentity;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/**
 * What stands in {@code owner.lease}: who owns the palace, and a number that grows as long as it does. No time: clocks of
 * two machines can't be compared.
 *
 * @param owner random, of one daemon's one life
 * @param host the name of its machine or container, for people
 * @param boot its {@link BootId}
 * @param space which processes it sees; empty where the system does not tell
 * @param pid its process
 * @param start when that started, as {@link ProcessIdentity} has it
 * @param count how often it was written
 */
public record LeaseRecord(String owner, String host, String boot, String space, long pid, String start, long count) {
    /** Always as long, and written in one go where it stood: who reads it while it is written finds no half of it. */
    private static final int SIZE = 768;
    private static final int LONGEST_NAME = 64;

    static LeaseRecord mine() {
        byte[] random = new byte[16];
        new SecureRandom().nextBytes(random);
        long pid = ProcessHandle.current().pid();
        return new LeaseRecord(HexFormat.of().formatHex(random), hostName(), BootId.current(), processSpace(), pid,
                ProcessIdentity.of(pid).map(ProcessIdentity::start).orElse(""), 0);
    }

    LeaseRecord next() {
        return new LeaseRecord(owner, host, boot, space, pid, start, count + 1);
    }

    boolean isOf(LeaseRecord other) {
        return owner.equals(other.owner);
    }

    /** Whether its owner is known to be gone: one whose process this one would see. */
    public boolean isOfTheDead() {
        return boot.equals(BootId.current()) && !boot.equals(BootId.UNKNOWN) && !space.isEmpty() && space.equals(processSpace())
                && !new ProcessIdentity(pid, start).isLiving();
    }

    /** For a sentence. */
    public String describe() {
        return "the mpx daemon with process id " + pid + " on \"" + host + "\"";
    }

    /** Empty if there is none, or nothing that makes sense. */
    public static Optional<LeaseRecord> read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        // opened anew each time: that is when a network's file system looks for what others have written
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate(SIZE);
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                continue;
            }
            byte[] text = new byte[bytes.position()];
            bytes.flip().get(text);
            return JsonValue.parse(text).flatMap(LeaseRecord::of);
        } catch (java.nio.file.NoSuchFileException released) {
            return Optional.empty();
        }
    }

    private static Optional<LeaseRecord> of(JsonValue json) {
        Optional<String> owner = json.get("owner").flatMap(JsonValue::text);
        Optional<Long> count = json.get("count").flatMap(JsonValue::integer);
        return owner.isEmpty() || count.isEmpty() ? Optional.empty() : Optional.of(new LeaseRecord(
                owner.get(), text(json, "host"), text(json, "boot"), text(json, "space"),
                json.get("pid").flatMap(JsonValue::integer).orElse(0L), text(json, "start"), count.get()));
    }

    private static String text(JsonValue json, String name) {
        return json.get(name).flatMap(JsonValue::text).orElse("");
    }

    /** @param isSynced whether it must reach the file system's server before this returns */
    void write(Path file, boolean isSynced) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            channel.write(ByteBuffer.wrap(bytes()), 0);
            if (isSynced) {
                channel.force(true);
            }
        }
    }

    private byte[] bytes() {
        StringBuilder json = new StringBuilder("{\"owner\": ").append(quote(owner))
                .append(", \"host\": ").append(quote(host))
                .append(", \"boot\": ").append(quote(boot))
                .append(", \"space\": ").append(quote(space))
                .append(", \"pid\": ").append(pid)
                .append(", \"start\": ").append(quote(start))
                .append(", \"count\": ").append(count)
                .append('}');
        byte[] text = json.toString().getBytes(StandardCharsets.UTF_8);
        byte[] bytes = new byte[SIZE];
        java.util.Arrays.fill(bytes, (byte) ' ');
        System.arraycopy(text, 0, bytes, 0, text.length);
        bytes[SIZE - 1] = '\n';
        return bytes;
    }

    private static String quote(String text) {
        return new String(JsonText.quote(text), StandardCharsets.UTF_8);
    }

    private static String hostName() {
        String name;
        try {
            name = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException notLinux) {
            name = System.getenv().getOrDefault("HOSTNAME", "unknown");
        }
        return name.substring(0, Math.min(name.length(), LONGEST_NAME));
    }

    /** The namespace of process ids: in another one, this pid is somebody else or nobody. */
    private static String processSpace() {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
        } catch (IOException notLinux) {
            return "";
        }
    }
}
