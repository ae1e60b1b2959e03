package dev.mpx.transports.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What lines of known_hosts say of a host. */
class KnownHostsTest {
    private static final byte[] KEY = {1, 2, 3};
    private static final byte[] OTHER = {4, 5, 6};

    @TempDir
    private Path directory;

    private KnownHosts known(String name, String... lines) throws IOException {
        return KnownHosts.of(name, List.of(directory.resolve("none"), Files.writeString(directory.resolve("known"), String.join("\n", lines))));
    }

    private static String line(String hosts, byte[] key) {
        return hosts + " ssh-ed25519 " + Base64.getEncoder().encodeToString(key) + " a comment";
    }

    private static String hashed(String name) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA1");
        mac.init(new SecretKeySpec(KEY, "HmacSHA1"));
        Base64.Encoder base64 = Base64.getEncoder();
        return "|1|" + base64.encodeToString(KEY) + "|" + base64.encodeToString(mac.doFinal(name.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aHostIsKnownByTheKeyThatStandsBesideItsName() throws Exception {
        assertThat(known("host", line("other,HOST", KEY)).holds(KEY)).isTrue();
        assertThat(known("host", line("host", KEY)).holds(OTHER)).isFalse();
        assertThat(known("host", line("hosts", KEY)).holds(KEY)).isFalse();
        assertThat(known("host", "# " + line("host", KEY), "", "host", "host ssh-ed25519 no-key!").others()).isEmpty();
    }

    @Test
    void aPortThatIsNotTheUsualOneIsPartOfTheName() throws Exception {
        assertThat(known("[host]:2222", line("[host]:2222", KEY)).holds(KEY)).isTrue();
        assertThat(known("[host]:2222", line("host", KEY)).holds(KEY)).isFalse();
        assertThat(known("host", line("[host]:2222", KEY)).holds(KEY)).isFalse();
    }

    @Test
    void aHashedNameIsKnownToo() throws Exception {
        assertThat(known("[host]:22022", line(hashed("[host]:22022"), KEY)).holds(KEY)).isTrue();
        assertThat(known("host", line(hashed("another"), KEY)).holds(KEY)).isFalse();
        assertThat(known("host", line("|1|damaged", KEY)).holds(KEY)).isFalse();
    }

    @Test
    void patternsNameManyAndAnExclamationMarkTakesOneOut() throws Exception {
        assertThat(known("a.example.org", line("*.example.org,!b.example.org", KEY)).holds(KEY)).isTrue();
        assertThat(known("b.example.org", line("*.example.org,!b.example.org", KEY)).holds(KEY)).isFalse();
        assertThat(known("a1", line("a?", KEY)).holds(KEY)).isTrue();
        assertThat(KnownHosts.matches("*a*a*a*a*a*a*a*a*b", "a".repeat(5000))).as("and in a bearable time").isFalse();
    }

    @Test
    void aRevokedKeyIsNotHeldWhereverElseItStands() throws Exception {
        KnownHosts known = known("host", line("host", KEY), line("@revoked *", KEY), line("host", OTHER));
        assertThat(known.holds(KEY)).isFalse();
        assertThat(known.revokes(KEY)).isTrue();
        assertThat(known.holds(OTHER)).isTrue();
    }

    @Test
    void anAuthoritysLineSaysNothingOfAPlainKey() throws Exception {
        assertThat(known("host", line("@cert-authority host", KEY)).holds(KEY)).isFalse();
        assertThat(known("host", line("@cert-authority host", KEY)).others()).isEmpty();
    }
}
