package dev.mpx.transports.ssh;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What files in the format of sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT", say of one host: plain and hashed names, patterns,
 * {@code [host]:port}, {@code @revoked}. Lines with {@code @cert-authority} say nothing of a plain key and are passed over, as are
 * lines that make no sense. Immutable.
 */
final class KnownHosts {
    private static final String HASHED = "|1|";

    /**
     * A line that names the host.
     *
     * @param type of the key, such as {@code ssh-ed25519}
     * @param key as it goes over the wire
     */
    record Entry(Path file, int line, boolean isRevoked, String type, byte[] key) {}

    private final List<Entry> entries;

    private KnownHosts(List<Entry> entries) {
        this.entries = entries;
    }

    /** @param name {@code host} or {@code [host]:port} */
    static KnownHosts of(String name, List<Path> files) throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (Path file : files) {
            if (Files.isRegularFile(file)) {
                // a comment may be in any encoding
                String text = Files.readString(file, StandardCharsets.ISO_8859_1);
                List<String> lines = text.lines().toList();
                for (int i = 0; i < lines.size(); i++) {
                    read(lines.get(i).strip(), name.toLowerCase(Locale.ROOT), file, i + 1, entries);
                }
            }
        }
        return new KnownHosts(entries);
    }

    private static void read(String line, String name, Path file, int number, List<Entry> entries) {
        String[] words = line.split("[ \t]+");
        if (line.isEmpty() || line.startsWith("#")) {
            return;
        }
        boolean isRevoked = words[0].equals("@revoked");
        int at = isRevoked ? 1 : 0;
        if (words.length < at + 3 || words[at].startsWith("@") || !names(words[at], name)) {
            return;
        }
        try {
            entries.add(new Entry(file, number, isRevoked, words[at + 1], Base64.getDecoder().decode(words[at + 2])));
        } catch (IllegalArgumentException noKey) {
            // says nothing
        }
    }

    private static boolean names(String hosts, String name) {
        if (hosts.startsWith(HASHED)) {
            return isHashOf(hosts, name);
        }
        boolean isNamed = false;
        for (String pattern : hosts.split(",")) {
            boolean isNegated = pattern.startsWith("!");
            if (matches(pattern.substring(isNegated ? 1 : 0).toLowerCase(Locale.ROOT), name)) {
                if (isNegated) {
                    return false;
                }
                isNamed = true;
            }
        }
        return isNamed;
    }

    private static boolean isHashOf(String text, String name) {
        String[] parts = text.split("\\|");
        if (parts.length != 4) {
            return false;
        }
        try {
            byte[] salt = Base64.getDecoder().decode(parts[2]);
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(salt, "HmacSHA1"));
            return Arrays.equals(mac.doFinal(name.getBytes(StandardCharsets.UTF_8)), Base64.getDecoder().decode(parts[3]));
        } catch (GeneralSecurityException | IllegalArgumentException noHash) {
            return false;
        }
    }

    /** {@code *} for any text, {@code ?} for any character; in time that grows with the product of both lengths. */
    static boolean matches(String pattern, String name) {
        int p = 0;
        int n = 0;
        int star = -1;
        int from = 0;
        while (n < name.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                from = n;
            } else if (p < pattern.length() && (pattern.charAt(p) == '?' || pattern.charAt(p) == name.charAt(n))) {
                p++;
                n++;
            } else if (star >= 0) {
                p = star + 1;
                n = ++from;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }

    /** Types of the keys that this host is known by. */
    Set<String> types() {
        return entries.stream().filter(entry -> !entry.isRevoked()).map(Entry::type).collect(Collectors.toSet());
    }

    /** Whether the host is known by that key, and nobody has revoked it. */
    boolean holds(byte[] key) {
        return !revokes(key) && entries.stream().anyMatch(entry -> Arrays.equals(entry.key(), key));
    }

    boolean revokes(byte[] key) {
        return entries.stream().anyMatch(entry -> entry.isRevoked() && Arrays.equals(entry.key(), key));
    }

    /** The lines that name the host with another key; revoked ones not among them. */
    List<Entry> others() {
        return entries.stream().filter(entry -> !entry.isRevoked()).toList();
    }
}
