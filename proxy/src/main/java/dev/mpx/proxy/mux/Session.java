package dev.mpx.proxy.mux;

import dev.mpx.framing.Frame;
import dev.mpx.framing.JsonValue;
import dev.mpx.framing.RpcId;
import dev.mpx.transports.Link;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import reactor.core.Disposable;
import reactor.core.Disposables;

/** One client's MCP conversation: what mpx remembers of it. Confined to the multiplexer's scheduler. */
final class Session implements ReplyTo {
    /** How far the handshake is. */
    enum Phase {
        /** Has not asked to initialize. */
        NEW,
        /** Has asked; the answer is not there yet. */
        INITIALIZING,
        /** Has been answered. */
        OPEN
    }

    enum Presence {
        HERE,
        /** Its client has ended its stream and may still be reading. */
        LEAVING,
        GONE
    }

    /** An {@code initialize} that waits for the child. */
    record Knock(RpcId id, String revision, ReplyTo replyTo) {}

    final long number;
    final Link link;
    final long since;

    Phase phase = Phase.NEW;
    Presence presence = Presence.HERE;
    Optional<Knock> knock = Optional.empty();
    /** Whether {@code notifications/initialized} has come: only then may the server's notifications go out. */
    boolean initialized;
    String revision = Revisions.NEWEST;
    /** The answer to initialize that it was given. */
    Optional<Handshake> told = Optional.empty();
    Optional<JsonValue> clientInfo = Optional.empty();
    Optional<JsonValue> capabilities = Optional.empty();
    Optional<Introduction> introduction = Optional.empty();
    /** Whether it has used a method of mpx's own, such as status or stop. */
    boolean asksMpxItself;
    LogLevel logLevel = LogLevel.UNASKED;
    boolean choseLogLevel;

    /** Requests not answered yet, by the client's own ids. */
    final Map<RpcId, Call> calls = new HashMap<>();
    /** Those of them that the child has not been given yet. */
    final ArrayDeque<Call> queue = new ArrayDeque<>();
    long queuedBytes;
    long answered;
    private Optional<String> agent = Optional.empty();
    final Disposable.Swap linger = Disposables.swap();

    private final Counters counters;

    Session(long number, Link link, long now, Counters counters) {
        this.number = number;
        this.link = link;
        this.since = now;
        this.counters = counters;
    }

    void send(Frame frame) {
        counters.count(Counter.BYTES_TO_CLIENTS, frame);
        link.send(frame);
    }

    @Override
    public void reply(Frame response) {
        send(response);
    }

    @Override
    public void forgo() {}

    boolean hasInFlight(RpcId id) {
        return calls.containsKey(id) || knock.isPresent() && knock.get().id().equals(id);
    }

    /** Whether it has asked mpx itself for something, such as its status, and nothing else: it is not there for the server. */
    boolean wantsMpxAlone() {
        return asksMpxItself && phase == Phase.NEW && introduction.isEmpty();
    }

    /** Whether the server's own messages may be sent to it. */
    boolean listens() {
        return initialized && presence != Presence.GONE;
    }

    boolean declares(String capability) {
        return capabilities
                .flatMap(c -> c.get(capability))
                .filter(value -> value.kind() != JsonValue.Kind.FALSE && value.kind() != JsonValue.Kind.NULL)
                .isPresent();
    }

    /** The name a client gave itself, for status lines. */
    String clientName() {
        return clientInfo.flatMap(i -> i.get("name")).flatMap(JsonValue::text).orElse("");
    }

    /** What to call it in traces; known when its first request is. */
    String agent() {
        if (agent.isEmpty()) {
            String parent = introduction.map(Introduction::parent).orElse("");
            agent = Optional.of(Settlements.bounded(clientName().isEmpty() ? parent : clientName()));
        }
        return agent.get();
    }

    String clientVersion() {
        return clientInfo.flatMap(i -> i.get("version")).flatMap(JsonValue::text).orElse("");
    }
}
