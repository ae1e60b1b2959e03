package dev.mpx.proxy.home;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a relay keeps its files. */
class RelayHomeTest {
    @TempDir
    private Path directory;

    private Environment environment(Map<String, String> variables) {
        return new Environment(variables, directory, directory);
    }

    private Home of(String endpoint) {
        return RelayHome.of((Endpoint.Ssh) Endpoint.parse(endpoint), environment(Map.of("XDG_RUNTIME_DIR", directory.toString())));
    }

    @Test
    void eachEndpointHasOneInTheRuntimeDirectoryWhichIsPrivate() throws Exception {
        assertThat(of("ssh://a").directory()).startsWithRaw(directory.toRealPath().resolve("mpx")).isEqualTo(of("ssh://a").directory());
        assertThat(of("ssh://a").directory()).isNotEqualTo(of("ssh://a?home=/h").directory()).isNotEqualTo(of("ssh://b").directory());
        RelayHome.prepare(of("ssh://a"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("mpx")))).isEqualTo("rwx------");
    }

    @Test
    void withoutARuntimeDirectoryItIsTheUsersOwnBelowTmp() {
        Home home = RelayHome.of((Endpoint.Ssh) Endpoint.parse("ssh://a"), environment(Map.of("XDG_RUNTIME_DIR", "/none")));
        assertThat(home.directory().getParent()).isEqualTo(Path.of("/tmp/mpx-" + Owner.uid()));
    }
}
