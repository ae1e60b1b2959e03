package dev.mpx.proxy.mux;

import dev.mpx.framing.JsonValue;
import dev.mpx.framing.RpcId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Progress tokens of calls on the child. The child sees the call's upstream id in the token's place, because two
 * clients' tokens are often equal (the TypeScript SDK uses the message id).
 */
final class ProgressTokens {
    /** A token in use: whose call it belongs to and the client's own token, byte for byte. */
    record Token(Call call, byte[] json) {}

    private final Map<RpcId, Token> tokens = new HashMap<>();
    /** Tokens that outlive their response because it started a task. */
    private final Map<RpcId, Token> kept;

    /** @param bound tasks whose tokens are kept; the oldest is forgotten first */
    ProgressTokens(int bound) {
        kept = new Remembered<>(bound);
    }

    /** Where the token stands in the {@code _meta} of a request's params; only strings and integers are tokens. */
    static Optional<JsonValue> inMeta(JsonValue meta) {
        return meta.get(Methods.PROGRESS_TOKEN).filter(RpcId::isId);
    }

    void register(RpcId upstreamId, Call call, JsonValue token) {
        tokens.put(upstreamId, new Token(call, token.toBytes()));
    }

    /** Whose token that is, if progress may still be delivered for it. */
    Optional<Token> find(RpcId upstreamToken) {
        Token token = tokens.getOrDefault(upstreamToken, kept.get(upstreamToken));
        return Optional.ofNullable(token)
                .filter(t -> t.call().state != Call.State.ABANDONED)
                .filter(t -> t.call().session.presence != Session.Presence.GONE);
    }

    /** The call has been answered. */
    void release(RpcId upstreamId) {
        tokens.remove(upstreamId);
    }

    /** The call's answer has started a task: its token lives until {@link #drop}. */
    void keep(RpcId upstreamId) {
        Token token = tokens.get(upstreamId);
        if (token != null) {
            kept.put(upstreamId, token);
        }
    }

    void drop(RpcId upstreamId) {
        kept.remove(upstreamId);
    }

    void clear() {
        tokens.clear();
        kept.clear();
    }

    /** Tokens for which progress may still come. */
    int size() {
        return tokens.size() + kept.size();
    }
}
