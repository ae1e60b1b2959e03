package dev.mpx.transports.ssh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.digest.BuiltinDigests;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;

/**
 * Whether a host is the one it should be: strictly by known_hosts. A key that is not there is refused, never learned, and the
 * refusal says how to accept it. One connection's; not thread-safe.
 */
final class HostKeyCheck {
    private final HostSettings host;
    private final KnownHosts known;
    private Optional<String> refusal = Optional.empty();

    HostKeyCheck(HostSettings host) throws SshFailure {
        this.host = host;
        try {
            this.known = KnownHosts.of(host.knownName(), host.knownHosts());
        } catch (IOException e) {
            throw new SshFailure(SshFailure.Kind.HOST_KEY, "mpx can't read the known hosts: " + e + ". It connects to no host it can't check.", e);
        }
    }

    KnownHosts known() {
        return known;
    }

    /** Why the key was refused, if it was: sentences for a person. */
    Optional<String> refusal() {
        return refusal;
    }

    boolean accepts(PublicKey key) {
        byte[] wire = wire(key);
        if (!known.holds(wire)) {
            refusal = Optional.of(known.revokes(wire) ? revoked(key) : known.others().isEmpty() ? unknown(key) : changed(key));
        }
        return refusal.isEmpty();
    }

    static byte[] wire(PublicKey key) {
        ByteArrayBuffer buffer = new ByteArrayBuffer();
        buffer.putRawPublicKey(key);
        return buffer.getCompactData();
    }

    private String shown(PublicKey key) {
        return KeyUtils.getKeyType(key) + " " + KeyUtils.getFingerPrint(BuiltinDigests.sha256, key);
    }

    private String unknown(PublicKey key) {
        return "The host key of " + host.knownName() + " is not known, so nothing was sent there: it shows " + shown(key) + ". " + compare()
                + " If it is the same, accept it with: " + accept(key);
    }

    private String changed(PublicKey key) {
        KnownHosts.Entry other = known.others().get(0);
        List<String> types = known.types().stream().sorted().toList();
        return "The host key of " + host.knownName() + " HAS CHANGED, so nothing was sent there: it shows " + shown(key) + ", but line "
                + other.line() + " of " + other.file() + " knows another (" + String.join(", ", types)
                + "). Either the host was installed anew, or somebody stands in between. " + compare()
                + " Only if it is the same, accept it with: ssh-keygen -R " + Quoting.quote(host.knownName()) + " -f "
                + Quoting.quote(other.file().toString()) + " && " + accept(key);
    }

    private String revoked(PublicKey key) {
        return "The host key that " + host.knownName() + " shows (" + shown(key) + ") is marked @revoked in known_hosts: do not trust that host.";
    }

    private static String compare() {
        return "Compare that fingerprint with what the host itself says: for k in /etc/ssh/ssh_host_*_key.pub; do ssh-keygen -lf \"$k\"; done.";
    }

    /** Writes down the key that was shown, and no other: ssh-keyscan(1) would take whatever answers when it is run. */
    private String accept(PublicKey key) {
        Path file = host.ownKnownHosts();
        Path directory = file.getParent();
        return (directory == null || Files.isDirectory(directory) ? "" : "mkdir -p -m 700 " + Quoting.quote(directory.toString()) + " && ")
                + "echo " + Quoting.quote(host.knownName() + " " + KeyUtils.getKeyType(key) + " " + Base64.getEncoder().encodeToString(wire(key)))
                + " >> " + Quoting.quote(file.toString());
    }
}
