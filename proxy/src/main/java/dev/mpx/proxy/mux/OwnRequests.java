package dev.mpx.proxy.mux;

import dev.mpx.framing.Frame;
import dev.mpx.framing.Message;
import dev.mpx.framing.RpcId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What mpx itself asks of the child. None outlives its child, and no more are remembered than the bound: a child that
 * answers nothing of this, but other things, must not cost memory for ever.
 */
final class OwnRequests {
    /** What becomes of a request; exactly one of these is called, or none if the child dies first. */
    interface Outcome {
        void onAnswer(Message.Response response);

        /** The child has answered, but nothing that can be read. */
        void onUnreadable();

        /** There are too many of them: it counts as failed, and its answer, should it come, for nothing. */
        default void onForgotten() {
            onUnreadable();
        }
    }

    private record Open(String method, boolean takesPlace, Outcome outcome) {}

    private static final Logger LOG = LoggerFactory.getLogger(OwnRequests.class);

    private final UpstreamIds ids;
    private final Consumer<Frame> toChild;
    private final Counters counters;
    private final int bound;
    private final Map<RpcId, Open> open = new LinkedHashMap<>();
    private int places;

    /** @param bound how many are remembered; the oldest is forgotten for the next */
    OwnRequests(UpstreamIds ids, Consumer<Frame> toChild, Counters counters, int bound) {
        this.ids = ids;
        this.toChild = toChild;
        this.counters = counters;
        this.bound = bound;
    }

    /** Asks beside the calls: it takes no place in the window. */
    void ask(String method, byte[] params, Outcome outcome) {
        ask(new Open(method, false, outcome), params);
    }

    /** Asks as a call does: until it is answered it takes a place in the window, see {@link #places}. */
    void askInTurn(String method, byte[] params, Outcome outcome) {
        places++;
        ask(new Open(method, true, outcome), params);
    }

    private void ask(Open request, byte[] params) {
        if (open.size() >= bound) {
            forget(open.keySet().iterator().next());
        }
        RpcId id = ids.next();
        open.put(id, request);
        toChild.accept(Frame.of(Json.object(json -> {
            json.writeStringField("jsonrpc", "2.0");
            Json.raw(json, "id", id.json());
            json.writeStringField("method", request.method());
            Json.raw(json, "params", params);
        })));
    }

    private void forget(RpcId oldest) {
        Open request = remove(oldest);
        counters.count(Counter.OWN_REQUESTS_FORGOTTEN);
        long count = counters.get(Counter.OWN_REQUESTS_FORGOTTEN);
        // one that answers none of them must not fill the log
        if (count % bound == 1) {
            LOG.warn("the server has not answered {} requests of mpx's own; the oldest, {}, counts as failed ({} so far)",
                    bound, request.method(), count);
        }
        request.outcome().onForgotten();
    }

    /** Null if there is none of that id. */
    private Open remove(RpcId id) {
        Open request = open.remove(id);
        if (request != null && request.takesPlace()) {
            // none is left once they were given up
            places = Math.max(0, places - 1);
        }
        return request;
    }

    /** Whether this id is that of one of them, and no ping: its answer is a sign of life like that to any call. */
    boolean isAsked(RpcId id) {
        Open request = open.get(id);
        return request != null && !request.method().equals(Methods.PING);
    }

    /** Whether this was the answer to one of mpx's own requests. */
    boolean onResponse(Message.Response response) {
        Open request = remove(response.id());
        if (request == null) {
            return false;
        }
        request.outcome().onAnswer(response);
        return true;
    }

    /** What the child answered under this id can't be read. */
    void onUnreadable(RpcId id) {
        Open request = remove(id);
        if (request != null) {
            request.outcome().onUnreadable();
        }
    }

    void onChildGone() {
        open.clear();
        places = 0;
    }

    /** How many places of the window they take. */
    int places() {
        return places;
    }

    /** Those that take places take none any more; their answers are welcome all the same. */
    void leavePlaces() {
        places = 0;
    }

    int size() {
        return open.size();
    }
}
