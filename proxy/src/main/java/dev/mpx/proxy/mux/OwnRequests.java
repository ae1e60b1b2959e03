package dev.mpx.proxy.mux;

import dev.mpx.framing.Frame;
import dev.mpx.framing.Message;
import dev.mpx.framing.RpcId;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** What mpx itself asks of the child. These requests take no place in the window, and none outlives its child. */
final class OwnRequests {
    private final UpstreamIds ids;
    private final Consumer<Frame> toChild;
    private record Open(Consumer<Message.Response> then, Runnable unreadable) {}

    private final Map<Long, Open> open = new HashMap<>();

    OwnRequests(UpstreamIds ids, Consumer<Frame> toChild) {
        this.ids = ids;
        this.toChild = toChild;
    }

    /** @param then gets the answer; never called if the child dies first */
    void ask(String method, byte[] params, Consumer<Message.Response> then) {
        ask(method, params, then, () -> {});
    }

    /** @param unreadable called instead if the answer is none that can be read */
    void ask(String method, byte[] params, Consumer<Message.Response> then, Runnable unreadable) {
        long id = ids.next();
        open.put(id, new Open(then, unreadable));
        toChild.accept(Frame.of(Json.object(json -> {
            json.writeStringField("jsonrpc", "2.0");
            json.writeNumberField("id", id);
            json.writeStringField("method", method);
            Json.raw(json, "params", params);
        })));
    }

    /** Whether this was the answer to one of mpx's own requests. */
    boolean onResponse(Message.Response response) {
        Open request = response.id().number().map(open::remove).orElse(null);
        if (request == null) {
            return false;
        }
        request.then().accept(response);
        return true;
    }

    /** What the child answered under this id can't be read. */
    void onUnreadable(RpcId id) {
        id.number().map(open::remove).ifPresent(request -> request.unreadable().run());
    }

    void onChildGone() {
        open.clear();
    }

    int size() {
        return open.size();
    }
}
