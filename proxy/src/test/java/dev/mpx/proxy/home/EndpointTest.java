package dev.mpx.proxy.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
    @Test
    void everyPartIsRead() {
        assertThat(Endpoint.parse("unix:///a")).isEqualTo(new Endpoint.Unix(Path.of("/a")));
        assertThat(Endpoint.parse("tcp://[::1]:80")).isEqualTo(new Endpoint.Tcp("::1", 80));
        assertThat(Endpoint.parse("ssh://me@host.docker.internal:2222?home=/a%20b"))
                .isEqualTo(new Endpoint.Ssh(Optional.of("me"), "host.docker.internal", OptionalInt.of(2222), Optional.of("/a b")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"unix:/a b", "tcp://localhost:1", "tcp://[fe80::1]:65535", "ssh://h", "ssh://u@h", "ssh://h:22",
            "ssh://[::1]:22", "ssh://h?home=/a/b%20c+d", "ssh://a@b@h"})
    void whatWasReadIsWrittenTheSameWay(String text) {
        assertThat(Endpoint.parse(text).toString()).isEqualTo(text.replace("c+d", "c%2Bd"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/path", "unix:relative", "unix:", "tcp://h", "tcp://h:0", "tcp://h:65536", "tcp://h:x", "tcp://:1",
            "tcp://::1:80", "ssh://", "ssh://@h", "ssh://h:", "ssh://h/path", "ssh://-oProxyCommand=x", "ssh://-u@h", "ssh://h?x=1",
            "ssh://h?home=", "ssh://h?home=relative", "ssh://h?home=--guest", "ssh://h?home=/a&b=c", "ssh://h?home=%zz", "http://h:1", "ssh://[::1", "ssh://h h"})
    void anythingElseIsRefusedWithTheFormsThatAreKnown(String text) {
        assertThatThrownBy(() -> Endpoint.parse(text))
                .isInstanceOf(HomeException.class)
                .hasMessageContaining("\"" + text + "\"")
                .hasMessageContaining("unix:/").hasMessageContaining("tcp://").hasMessageContaining("ssh://");
    }
}
