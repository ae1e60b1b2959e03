package dev.mpx.proxy.mux;

import static dev.mpx.proxy.mux.Rpc.call;
import static dev.mpx.proxy.mux.Rpc.progress;
import static dev.mpx.proxy.mux.Rpc.request;
import static dev.mpx.proxy.mux.Rpc.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mpx.framing.Message;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Issue 6: a cap on long polls, which would hold a serial child from everybody. */
class LongPollsTest {
    private static final Duration CAP = Duration.ofSeconds(10);

    private final Bench bench = Bench.with()
            .window(1)
            .polls(Map.of(
                    "wait", new LongPoll("timeout_ms", Duration.ofMillis(1), CAP),
                    "wait_s", new LongPoll("t\"", Duration.ofSeconds(1), Duration.ofMillis(2500))))
            .bench();
    private final FakeLink client = bench.client();

    private String asked(String params) {
        client.type(request(1, "tools/call", params));
        return bench.child().next().params().orElseThrow().toString();
    }

    private static String wait(String arguments) {
        return "{\"name\":\"wait\",\"arguments\":" + arguments + "}";
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "300000", "10001", "10000.5", "1E400", "3e5", "1e99999999999999999999", "\"300000\"", "\" 300_000 \"", "\"3\\u0030000\"", "-1", "null",
        "99999999999999999999999999999999999999999999999999999999", "\"\u0663\u0663\u0663\u0663\u0663\u0663\""
    })
    void aLongerTimeBecomesTheCapAndNothingElseChanges(String time) {
        String params = "{ \"arguments\" : {\"stream\":\"\\u0041\",\"timeout_ms\" : @ ,\"n\":1.10} ,\"name\":\"wait\"}";

        assertThat(asked(params.replace("@", time))).isEqualTo(params.replace("@", "10000"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "10000", "0", "1e4", "9999.999", "\"10000\"", "\"5\"", "true", "[300000]", "{\"timeout_ms\":300000}", "\"soon\"", "\"\""
    })
    void aShorterOneAndWhatIsNoTimeStay(String time) {
        String params = wait("{\"timeout_ms\":" + time + "}");

        assertThat(asked(params)).isEqualTo(params);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{`name`:`wait`} | {`name`:`wait`,`arguments`:{`timeout_ms`:10000}}",
        "{`name`:`wait`,`arguments`:{}} | {`name`:`wait`,`arguments`:{`timeout_ms`:10000}}",
        "{`name`:`wait`,`arguments`:null} | {`name`:`wait`,`arguments`:{`timeout_ms`:10000}}",
        "{`name`:`wait`,`arguments`:{ `a`:1 } } | {`name`:`wait`,`arguments`:{ `a`:1,`timeout_ms`:10000 } }",
        "{`name`:`wait_s`,`arguments`:{}} | {`name`:`wait_s`,`arguments`:{`t\\``:2}}",
        "{`name`:`wait`,`arguments`:{`timeout_ms`:1,`timeout_ms`:99999}} | {`name`:`wait`,`arguments`:{`timeout_ms`:1,`timeout_ms`:10000}}",
        "{`name`:`wait`,`arguments`:{`timeout_ms`:99999},`arguments`:{}} | {`name`:`wait`,`arguments`:{`timeout_ms`:10000},`arguments`:{`timeout_ms`:10000}}",
    })
    void whereNoneIsAskedForTheCapIsAdded(String params, String capped) {
        assertThat(asked(params.replace('`', '"'))).isEqualTo(capped.replace('`', '"'));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"name\":\"other\",\"arguments\":{\"timeout_ms\":300000}}", "{\"name\":\"wait\",\"arguments\":[300000]}", "{\"arguments\":{}}", "[\"wait\"]",
        "{\"name\":7}"
    })
    void otherCallsAndThoseThatMakeNoSenseAreNotTouched(String params) {
        assertThat(asked(params)).isEqualTo(params);
        assertThat(bench.mux.snapshot().adapted().polls()).isEmpty();
    }

    @Test
    void otherMethodsAreNotTouched() {
        client.type(request(1, "prompts/get", wait("{\"timeout_ms\":300000}")));

        assertThat(bench.child().next().params().orElseThrow()).hasToString(wait("{\"timeout_ms\":300000}"));
    }

    @Test
    void itsIdItsProgressAndItsAnswerAreThoseOfTheCall() {
        client.type(request("\"x\"", "tools/call", "{\"_meta\":{\"progressToken\":\"t\"},\"name\":\"wait\"}"));
        Message.Request asked = bench.child().next();
        bench.child().type(progress(asked.id()));
        bench.child().answer(asked, "{\"timed_out\":true}");

        assertThat(client.take()).containsExactly(progress("\"t\""), result("\"x\"", "{\"timed_out\":true}"));
    }

    @Test
    void theSnapshotNamesThePollsTheServerHasAndCountsWhatWasCutShort() {
        client.type(request(0, "tools/list", "{}"));
        bench.child().answerNext("{\"tools\":[{\"name\":\"other\"},{\"name\":\"wait\"}]}");
        client.type(call(1, "wait"));
        bench.child().answerNext("{}");
        client.type(request(2, "tools/call", wait("{\"timeout_ms\":5}")));
        bench.child().answerNext("{}");

        assertThat(bench.mux.snapshot().adapted().polls()).containsExactly(new Snapshot.Poll("wait", CAP, 1));
    }

    @Test
    void aCapIsAtLeastOneOfItsArgumentsUnits() {
        assertThatThrownBy(() -> new LongPoll("t", Duration.ofSeconds(1), Duration.ofMillis(999))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new LongPoll("", Duration.ofSeconds(1), CAP)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new LongPoll("t", Duration.ofNanos(1), CAP)).isInstanceOf(IllegalArgumentException.class);
    }
}
