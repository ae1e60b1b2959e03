package dev.mpx.transports.ssh;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.apache.sshd.agent.SshAgent;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.digest.BuiltinDigests;
import org.apache.sshd.common.util.security.SecurityUtils;

/**
 * What this user shows to one host: keys in files, which have to be without a passphrase, and those of an agent. Takes down what
 * was tried and what could not be, for the sentence that says why nobody was let in. Not thread-safe.
 */
final class Identities {
    private static final int CIPHER_NAME_AT = "openssh-key-v1\0".length();

    private final HostSettings host;
    private final List<String> tried = new ArrayList<>();
    private final List<String> unusable = new ArrayList<>();

    Identities(HostSettings host) {
        this.host = host;
    }

    /** The keys in files. */
    List<KeyPair> keys() {
        List<KeyPair> keys = new ArrayList<>();
        for (Path file : host.identityFiles()) {
            if (Files.isRegularFile(file)) {
                addKeys(file, keys);
            }
        }
        return keys;
    }

    private void addKeys(Path file, List<KeyPair> keys) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            if (isEncrypted(new String(bytes, StandardCharsets.ISO_8859_1))) {
                unusable.add(file + " has a passphrase (mpx can't ask for it: ssh-add it to an ssh-agent)");
                return;
            }
            Iterable<KeyPair> loaded = SecurityUtils.loadKeyPairIdentities(
                    null, NamedResource.ofName(file.toString()), new ByteArrayInputStream(bytes), FilePasswordProvider.EMPTY);
            if (loaded == null) {
                unusable.add(file + " holds no key that mpx can read");
                return;
            }
            loaded.forEach(keys::add);
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            unusable.add(file + " can't be used (" + e.getMessage() + ")");
        }
    }

    /** OpenSSH's own format names the cipher at its beginning; the older one says so in a header. */
    static boolean isEncrypted(String pem) {
        if (pem.contains("BEGIN ENCRYPTED") || pem.contains("Proc-Type: 4,ENCRYPTED")) {
            return true;
        }
        String begin = "-----BEGIN OPENSSH PRIVATE KEY-----";
        int from = pem.indexOf(begin);
        int to = pem.indexOf("-----END OPENSSH");
        if (from < 0 || to < from) {
            return false;
        }
        byte[] key = Base64.getMimeDecoder().decode(pem.substring(from + begin.length(), to));
        String text = new String(key, StandardCharsets.ISO_8859_1);
        return text.length() > CIPHER_NAME_AT + 8 && !text.startsWith("none", CIPHER_NAME_AT + Integer.BYTES);
    }

    /** A conversation with the agent, if there is one. */
    Optional<SshAgent> agent() {
        if (host.agent().isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new AgentClient(host.agent().get(), named(), host.identitiesOnly()));
        } catch (IOException e) {
            unusable.add("the ssh-agent at " + host.agent().get() + " does not answer (" + e.getMessage() + ")");
            return Optional.empty();
        }
    }

    /** Public keys that stand beside the files which the settings name, as they go over the wire. */
    private List<byte[]> named() {
        List<byte[]> named = new ArrayList<>();
        for (Path file : host.identityFiles()) {
            try {
                Path beside = Path.of(file + ".pub");
                if (Files.isRegularFile(beside)) {
                    named.add(Base64.getDecoder().decode(Files.readString(beside, StandardCharsets.ISO_8859_1).split("[ \t]+")[1].strip()));
                }
            } catch (IOException | IllegalArgumentException | ArrayIndexOutOfBoundsException noPublicKey) {
                // then it is not put first
            }
        }
        return named;
    }

    void tried(KeyPair key) {
        String shown = KeyUtils.getKeyType(key.getPublic()) + " " + KeyUtils.getFingerPrint(BuiltinDigests.sha256, key.getPublic());
        if (!tried.contains(shown)) {
            tried.add(shown);
        }
    }

    /** For a sentence: which keys were shown, and which could not be. */
    String told() {
        String what = tried.isEmpty() ? "There was no key to show it" : "These keys were shown: " + String.join(", ", tried);
        return what + (unusable.isEmpty() ? "" : "; not usable: " + String.join("; ", unusable))
                + (tried.isEmpty() && unusable.isEmpty()
                        ? " (looked for " + String.join(", ", host.identityFiles().stream().map(Path::toString).toList())
                                + (host.agent().isEmpty() ? " and no ssh-agent is set)" : " and in the ssh-agent)")
                        : "")
                + ".";
    }
}
