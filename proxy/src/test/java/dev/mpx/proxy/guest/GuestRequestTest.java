package dev.mpx.proxy.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mpx.proxy.guest.GuestRequest.Kind;
import dev.mpx.proxy.home.Endpoint;
import dev.mpx.proxy.home.ShellWords;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuestRequestTest {
    private static HostCommand host(Optional<String> home) {
        return new HostCommand(new Endpoint.Ssh(Optional.empty(), "host", OptionalInt.empty(), home));
    }

    @Test
    void whatOneEndSendsTheOtherReads() throws Exception {
        assertThat(GuestRequest.read(host(Optional.empty()).ensure())).isEqualTo(new GuestRequest(Kind.ENSURE, Optional.empty(), false));
        assertThat(GuestRequest.read(host(Optional.empty()).connect())).isEqualTo(new GuestRequest(Kind.CONNECT, Optional.empty(), false));
        assertThat(GuestRequest.read("mpx status --json")).isEqualTo(new GuestRequest(Kind.STATUS, Optional.empty(), true));
    }

    @Provide
    Arbitrary<String> homes() {
        Arbitrary<String> plain = Arbitraries.strings().withCharRange(' ', '~').ofMinLength(1).ofMaxLength(6);
        return Arbitraries.oneOf(plain, Arbitraries.strings());
    }

    @Property
    void aHomeOfAnyNameIsReadAsItIs(@ForAll("homes") String home) throws Exception {
        if (!home.isBlank()) {
            assertThat(GuestRequest.read(host(Optional.of(home)).connect()).home()).contains(home);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "mpx", "stop", "mpx stop", "mpx serve", "mpx restart", "mpx run -- id", "id", "sh -c id", "sh -c id sh", "sh -c 'id' mpx", "sh",
            "sh -c", "mpx connect", "mpx ensure", "mpx ensure --guest; id", "mpx ensure --guest && id", "mpx ensure --guest `id`", "mpx ensure --guest $(id)",
            "mpx ensure --guest > x", "mpx ensure --guest\nid", "mpx ensure --guest --home", "mpx ensure --guest --home ''", "mpx ensure --guest --home a --home b",
            "mpx ensure --guest --palace x", "mpx ensure --guest --endpoint unix:/x", "mpx ensure --guest -- id", "mpx ensure --guest --json", "mpx status --guest",
            "mpx status --watch", "mpx status --endpoint unix:/x", "mpx status -- id", "mpx --home x stop", "mpx guest", "./mpx status", "/tmp/mpx status", "sh -c sh -c mpx mpx stop",
            "sh -c x mpx stop", "sh -c x y ensure --guest", "bash -c x mpx ensure --guest", "sh -e x mpx ensure --guest", "internal-sftp", "scp -t x", "A=b mpx status"})
    void everythingElseIsRefused(String line) {
        assertThatThrownBy(() -> GuestRequest.read(line)).isInstanceOf(RefusedException.class);
    }

    /** Words that are allowed somewhere, and others, in any order, quoted or not. */
    @Provide
    Arbitrary<String> lines() {
        Arbitrary<String> known = Arbitraries.of("mpx", "ensure", "connect", "status", "--guest", "--json", "--home", "sh", "-c", "stop", "serve", "run", "--", "id", ";", "&&",
                "$(id)", "`id`", "--endpoint", "--palace", "--home=/x", "'", "\"", "\\", "\n", "|", ">x", "");
        Arbitrary<String> word = Arbitraries.frequencyOf(net.jqwik.api.Tuple.of(9, known), net.jqwik.api.Tuple.of(1, Arbitraries.strings().ofMaxLength(6)))
                .flatMap(text -> Arbitraries.of(text, ShellWords.quote(text)));
        Arbitrary<String> base = Arbitraries.of("mpx ensure --guest", "mpx connect --guest", "mpx status", "sh -c 'x' mpx ensure --guest", "sh -c x mpx status --json", "");
        return Combinators.combine(base, word.list().ofMaxSize(4), word.list().ofMaxSize(2)).as((middle, behind, before) ->
                (String.join(" ", before) + " " + middle + " " + String.join(" ", behind)).strip());
    }

    @Property(tries = 20_000)
    void nothingButTheAllowedCommandsEverComesOut(@ForAll("lines") String line) {
        GuestRequest request;
        try {
            request = GuestRequest.read(line);
        } catch (RefusedException refused) {
            Statistics.collect("refused");
            return;
        }
        Statistics.collect("allowed");
        Statistics.coverage(coverage -> coverage.check("allowed").percentage(share -> share > 1));
        // whatever it was: a reading of it as plain words is one of the three commands with options of its own, and no word is left over
        List<String> rest = new ArrayList<>(wordsOf(line));
        if (rest.get(0).equals("sh")) {
            rest.subList(0, 3).clear();
        }
        assertThat(rest.remove(0)).isEqualTo("mpx");
        assertThat(rest.remove(0)).isEqualTo(request.kind().name().toLowerCase(java.util.Locale.ROOT));
        int home = rest.indexOf("--home");
        if (home >= 0) {
            rest.remove(home);
            assertThat(request.home()).contains(rest.remove(home));
        }
        assertThat(Set.of("--guest", "--json")).containsAll(rest);
        assertThat(rest.contains("--guest")).isEqualTo(request.kind() != Kind.STATUS);
        assertThat(rest.contains("--json")).isEqualTo(request.isJson());
    }

    private static List<String> wordsOf(String line) {
        try {
            return ShellLine.words(line);
        } catch (RefusedException e) {
            throw new AssertionError("it was read before", e);
        }
    }
}
