package dev.mpx.framing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ResponsesTest {

    @Test
    void anErrorCarriesTheIdByteForByte() {
        RpcId id = JsonValue.parse("\"\\u0061\"".getBytes(StandardCharsets.UTF_8)).flatMap(RpcId::of).orElseThrow();

        assertThat(Responses.error(Optional.of(id), -32010, "Too \"late\".\n", Optional.of("{\"mpx\":{}}")))
                .hasToString("{\"jsonrpc\":\"2.0\",\"id\":\"\\u0061\",\"error\":"
                        + "{\"code\":-32010,\"message\":\"Too \\\"late\\\".\\n\",\"data\":{\"mpx\":{}}}}");
    }

    @Test
    void anErrorWithoutAnIdSaysNull() {
        assertThat(Responses.error(Optional.empty(), ErrorCode.PARSE_ERROR, "No.", Optional.empty()))
                .hasToString("{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700,\"message\":\"No.\"}}");
    }

    @Test
    void aResultIsPutInAsItIs() {
        assertThat(Responses.result(RpcId.of(7), "{\"n\":1.10}".getBytes(StandardCharsets.UTF_8)))
                .hasToString("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"n\":1.10}}");
    }

    @Test
    void aLargeResultIsNotCopied() {
        byte[] large = ('"' + "x".repeat(20_000) + '"').getBytes(StandardCharsets.UTF_8);

        Frame frame = Responses.result(RpcId.of("a"), large);

        assertThat(frame.buffers()).hasSize(3);
        assertThat(Message.read(frame)).isInstanceOfSatisfying(Message.Response.class,
                response -> assertThat(response.result().map(JsonValue::length)).contains(large.length));
    }

    @Property
    void everyTextQuotesToOneLineThatReadsAsThatText(@ForAll String text) {
        byte[] quoted = JsonText.quote(text);

        assertThat(quoted).doesNotContain('\n', '\r');
        assertThat(JsonValue.parse(quoted).flatMap(JsonValue::text)).contains(text);
    }
}
