package dev.mpx.proxy.mux;

import static dev.mpx.proxy.mux.Rpc.at;
import static dev.mpx.proxy.mux.Rpc.call;
import static dev.mpx.proxy.mux.Rpc.code;
import static dev.mpx.proxy.mux.Rpc.result;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.framing.Frame;
import dev.mpx.framing.Message;
import dev.mpx.framing.OversizedLine;
import dev.mpx.framing.RpcId;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A child that prints what is no message, or answers nothing: counted, logged, survived. */
class BabblingChildTest {
    private final Bench bench = new Bench();
    private final FakeLink alice = bench.client();

    @ParameterizedTest
    @ValueSource(strings = {
        "Welcome to the palace!", "{\"jsonrpc\":\"2.0\",\"id\":1,\"res", "1", "{}", "[]",
        "{\"jsonrpc\":\"2.0\",\"id\":null,\"result\":1}", "{\"jsonrpc\":\"2.0\",\"id\":1,\"id\":1,\"result\":1}"
    })
    void aLineThatIsNoMessageIsCountedAndSurvived(String line) {
        alice.type(call(1, "echo"));
        bench.child().type(line);
        assertThat(alice.take()).isEmpty();
        bench.child().answerNext("{}");

        assertThat(alice.take()).containsExactly(result(1, "{}"));
        assertThat(bench.count(Counter.CHILD_LINES_UNREADABLE)).isEqualTo(1);
    }

    @Test
    void bytesThatAreNoTextAreCountedAndSurvived() {
        bench.child().type(Frame.of(new byte[] {'{', (byte) 0xFF, '}'}));

        assertThat(bench.count(Counter.CHILD_LINES_UNREADABLE)).isEqualTo(1);
        assertThat(alice.take()).isEmpty();
    }

    @Test
    void aBannerBeforeTheHandshakeIsSurvived() {
        Bench loud = new Bench();
        loud.launcher.raising(child -> child.type("Loading the model ... done"));

        loud.client();

        assertThat(loud.count(Counter.CHILD_LINES_UNREADABLE)).isEqualTo(1);
    }

    @Test
    void anAnswerOverTheLineLimitFailsItsCallAlone() {
        alice.type(call(1, "big"));
        Message.Request big = bench.child().next();

        bench.child().type(new OversizedLine(70_000_000, Optional.of(RpcId.of(big.id().number().orElseThrow())), false));

        assertThat(alice.take()).singleElement().satisfies(line -> {
            assertThat(code(line)).isEqualTo(-32014);
            assertThat(at(line, "error", "data", "mpx", "outcome")).isEqualTo("\"unknown\"");
        });
        assertThat(bench.mux.snapshot().running()).isEmpty();
        assertThat(bench.count(Counter.CHILD_LINES_TOO_LONG)).isEqualTo(1);
    }

    @Test
    void anAnswerOverTheLineLimitFreesItsPlaceInTheWindow() {
        Bench narrow = Bench.with().window(1).bench();
        FakeLink client = narrow.client();
        client.type(call(1, "big"));
        client.type(call(2, "small"));

        narrow.child().type(new OversizedLine(70_000_000, Optional.of(narrow.child().next().id()), false));

        assertThat(narrow.child().waiting()).hasSize(1);
    }

    @Test
    void anAnswerOverTheLineLimitToACancelledCallIsLateAndReachesNobody() {
        alice.type(call(1, "big"));
        Message.Request big = bench.child().next();
        alice.type(Rpc.cancelled(1));

        bench.child().type(new OversizedLine(70_000_000, Optional.of(big.id()), false));

        assertThat(alice.take()).isEmpty();
        assertThat(bench.count(Counter.ANSWERS_LATE)).isEqualTo(1);
    }

    @Test
    void aLineOverTheLimitThatAnswersNothingIsCounted() {
        bench.child().type(new OversizedLine(70_000_000, Optional.empty(), false));
        bench.child().type(new OversizedLine(70_000_000, Optional.empty(), true));

        assertThat(bench.count(Counter.CHILD_LINES_TOO_LONG)).isEqualTo(2);
        assertThat(alice.take()).isEmpty();
    }

    @Test
    void manyLinesOfBabbleAreAllCounted() {
        for (int i = 0; i < 1_000; i++) {
            bench.child().type("babble " + i);
        }

        assertThat(bench.count(Counter.CHILD_LINES_UNREADABLE)).isEqualTo(1_000);
    }
}
