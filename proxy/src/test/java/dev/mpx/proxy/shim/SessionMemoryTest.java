package dev.mpx.proxy.shim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.framing.Frame;
import java.util.List;
import org.junit.jupiter.api.Test;

class SessionMemoryTest {
    private static final String INITIALIZE = "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{ \"x\":1}}";
    private static final String INITIALIZED = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}";

    private final SessionMemory memory = new SessionMemory();

    private List<Asked> says(String line) {
        return memory.asking(Frame.of(line), 0);
    }

    private List<Asked> asks(int id, String method, String params) {
        return says("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":" + params + "}");
    }

    private boolean hears(String line) {
        return memory.hears(Frame.of(line));
    }

    private void answers(String id) {
        assertThat(hears("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{}}")).isTrue();
    }

    private void refuses(int id) {
        assertThat(hears("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"error\":{\"code\":1,\"message\":\"no\"}}")).isTrue();
    }

    private void isInitialized() {
        says(INITIALIZE);
        answers("0");
        says(INITIALIZED);
    }

    private List<String> restoration() {
        return memory.restoration().stream().map(Frame::toString).toList();
    }

    @Test
    void whatIsUnansweredIsTakenOnceInTheOrderItWasAsked() {
        asks(1, "a", "{}");
        asks(2, "b", "{}");
        says("[{\"jsonrpc\":\"2.0\",\"id\":\"c\",\"method\":\"c\"},{\"jsonrpc\":\"2.0\",\"method\":\"d\"}]");
        answers("1");
        assertThat(memory.takeUnanswered()).extracting(asked -> asked.id.toString()).containsExactly("2", "\"c\"");
        assertThat(memory.takeUnanswered()).isEmpty();
    }

    @Test
    void whatWasCancelledIsNotWaitedForAnyMore() {
        asks(1, "a", "{}");
        says("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":1}}");
        assertThat(memory.takeUnanswered()).isEmpty();
    }

    @Test
    void anUnansweredHandshakeIsSentAgainAsItWasAndNotRefused() {
        says(INITIALIZE);
        assertThat(memory.takeUnanswered()).isEmpty();
        assertThat(memory.handshake()).isEmpty();
        assertThat(restoration()).containsExactly(INITIALIZE);
        answers("0");
        assertThat(memory.handshake()).hasValueSatisfying(request -> assertThat(request.frame()).hasToString(INITIALIZE));
    }

    @Test
    void aHandshakeThatADaemonRefusedBecauseItLeavesIsKeptForTheNext() {
        says(INITIALIZE);
        assertThat(hears("{\"jsonrpc\":\"2.0\",\"id\":0,\"error\":{\"code\":-32016,\"message\":\"leaving\"}}")).isFalse();
        assertThat(restoration()).containsExactly(INITIALIZE);
    }

    @Test
    void aHandshakeThatFailedOrWasGivenUpIsForgotten() {
        says(INITIALIZE);
        refuses(0);
        assertThat(restoration()).isEmpty();
        says(INITIALIZE);
        assertThat(memory.takeHandshake()).isPresent();
        assertThat(restoration()).isEmpty();
        assertThat(memory.takeHandshake()).isEmpty();
    }

    @Test
    void theLatestLevelAndTheLiveSubscriptionsAreRestoredAndTheAnswersKeptFromTheAgent() {
        isInitialized();
        asks(1, "logging/setLevel", "{\"level\":\"debug\"}");
        asks(2, "logging/setLevel", "{\"level\":\"error\"}");
        answers("1");
        answers("2");
        for (int i = 3; i < 7; i++) {
            asks(i, "resources/subscribe", "{\"uri\":\"u" + i + "\"}");
        }
        answers("3");
        refuses(4);
        answers("5");
        asks(7, "resources/unsubscribe", "{\"uri\":\"u5\"}");
        answers("7");
        memory.takeUnanswered(); // 6 was told that it failed
        assertThat(restoration()).containsExactly(INITIALIZED,
                "{\"jsonrpc\":\"2.0\",\"id\":\"mpx-again-1\",\"method\":\"logging/setLevel\",\"params\":{\"level\":\"error\"}}",
                "{\"jsonrpc\":\"2.0\",\"id\":\"mpx-again-2\",\"method\":\"resources/subscribe\",\"params\":{\"uri\":\"u3\"}}");
        String answer = "{\"jsonrpc\":\"2.0\",\"id\":\"mpx-again-1\",\"result\":{}}";
        assertThat(hears(answer)).isFalse();
        assertThat(hears(answer)).isTrue();
    }

    @Test
    void whatADaemonRefusedOrNeverAnsweredIsNotRepeatedToTheNext() {
        isInitialized();
        asks(1, "logging/setLevel", "{\"level\":\"error\"}");
        answers("1");
        asks(2, "resources/subscribe", "{\"uri\":\"a\"}");
        answers("2");
        asks(3, "logging/setLevel", "{\"level\":\"nonsense\"}");
        refuses(3);
        asks(4, "resources/unsubscribe", "{\"uri\":\"a\"}");
        refuses(4);
        asks(5, "resources/subscribe", "{\"uri\":\"b\"}");
        asks(6, "logging/setLevel", "{\"level\":\"debug\"}");
        asks(7, "resources/subscribe", "{\"uri\":\"c\"}");
        says("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":7}}");
        memory.takeUnanswered();
        assertThat(restoration()).hasSize(3).first().isEqualTo(INITIALIZED);
        assertThat(restoration().get(1)).contains("logging/setLevel").contains("error");
        assertThat(restoration().get(2)).contains("\"uri\":\"a\"");
    }

    @Test
    void whatWasNotRememberedLeavesItsRoomToOthers() {
        isInitialized();
        for (int i = 1; i < 10; i++) {
            asks(i, "resources/subscribe", "{\"uri\":\"u" + i + "\",\"p\":\"" + "p".repeat(600_000) + "\"}");
            refuses(i);
        }
        asks(10, "resources/subscribe", "{\"uri\":\"last\",\"p\":\"" + "p".repeat(600_000) + "\"}");
        answers("10");
        assertThat(restoration()).hasSize(2);
        asks(11, "resources/unsubscribe", "{\"uri\":\"last\"}");
        answers("11");
        assertThat(restoration()).hasSize(1);
    }

    @Test
    void aSecondRequestUnderAnOpenIdIsCountedAndItsRefusalLeavesTheFirstOpen() {
        asks(1, "a", "{}");
        asks(1, "b", "{}");
        assertThat(hears("{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32600,\"message\":\"in flight\"}}")).isTrue();
        assertThat(memory.takeUnanswered()).singleElement().satisfies(asked -> assertThat(asked.repeats).isZero());

        asks(2, "a", "{}");
        asks(2, "b", "{}");
        asks(2, "c", "{}");
        assertThat(memory.takeUnanswered()).singleElement().satisfies(asked -> assertThat(asked.repeats).isEqualTo(2));

        asks(3, "a", "{}");
        asks(3, "b", "{}");
        answers("3");
        assertThat(memory.takeUnanswered()).extracting(asked -> asked.id.toString()).containsExactly("3");
        assertThat(memory.takeUnanswered()).isEmpty();
    }

    @Test
    void aSecondHandshakeUnderTheSameIdDoesNotUndoTheFirst() {
        says(INITIALIZE);
        says(INITIALIZE);
        assertThat(hears("{\"jsonrpc\":\"2.0\",\"id\":0,\"error\":{\"code\":-32600,\"message\":\"in flight\"}}")).isTrue();
        answers("0");
        assertThat(memory.handshake()).isPresent();
        says(INITIALIZED);

        SessionMemory other = new SessionMemory();
        other.asking(Frame.of(INITIALIZE), 0);
        other.asking(Frame.of(INITIALIZE), 0);
        assertThat(other.takeUnanswered()).hasSize(1);
        assertThat(other.restoration()).hasSize(1);
    }

    @Test
    void thatASessionIsInitializedIsRememberedThoughTheLineWentNowhere() {
        memory.dropped(Frame.of(INITIALIZED));
        says(INITIALIZE);
        answers("0");
        assertThat(restoration()).isEmpty();
        memory.dropped(Frame.of(INITIALIZED));
        assertThat(restoration()).containsExactly(INITIALIZED);
    }

    @Test
    void whatWouldExceedAMebibyteIsNotRemembered() {
        isInitialized();
        asks(1, "resources/subscribe", "{\"uri\":\"a\",\"p\":\"" + "p".repeat(600_000) + "\"}");
        asks(2, "resources/subscribe", "{\"uri\":\"b\",\"p\":\"" + "p".repeat(600_000) + "\"}");
        answers("1");
        answers("2");
        assertThat(restoration()).hasSize(2);
    }

    @Test
    void requestsOfTheServerAreOpenUntilTheAgentAnswersOrTheyAreTakenBack() {
        for (int i = 1; i < 4; i++) {
            hears("{\"jsonrpc\":\"2.0\",\"id\":\"mpx-n-" + i + "\",\"method\":\"roots/list\"}");
        }
        says("{\"jsonrpc\":\"2.0\",\"id\":\"mpx-n-1\",\"result\":{}}");
        hears("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":\"mpx-n-2\"}}");
        assertThat(memory.takeAskedByServer()).extracting(Object::toString).containsExactly("\"mpx-n-3\"");
        assertThat(memory.takeAskedByServer()).isEmpty();
    }
}
