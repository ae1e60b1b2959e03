package dev.mpx.proxy.mux;

import dev.mpx.framing.Message;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What mpx says to the child for all sessions together, and what it knows of what the child promises. */
final class Upstream {
    private static final Logger LOG = LoggerFactory.getLogger(Upstream.class);

    private final Child child;
    private final OwnRequests own;
    private final ServerTraits traits;

    Upstream(Child child, OwnRequests own, ServerTraits traits) {
        this.child = child;
        this.own = own;
        this.traits = traits;
    }

    void subscribe(String uri) {
        ask(Methods.SUBSCRIBE, Json.object(json -> json.writeStringField("uri", uri)));
    }

    void unsubscribe(String uri) {
        ask(Methods.UNSUBSCRIBE, Json.object(json -> json.writeStringField("uri", uri)));
    }

    /** @param then called once the child has answered, readably or not, or never will; never if it is not there to be asked, or ends before */
    void setLevel(LogLevel level, Runnable then) {
        if (logs()) {
            ask(Methods.SET_LEVEL, Json.object(json -> json.writeStringField("level", level.word())), then);
        }
    }

    private void ask(String method, byte[] params) {
        ask(method, params, () -> {});
    }

    private void ask(String method, byte[] params, Runnable then) {
        if (child.ready()) {
            own.ask(method, params, new OwnRequests.Outcome() {
                @Override
                public void onAnswer(Message.Response answer) {
                    answer.error().ifPresent(error -> LOG.warn("the server refused {}: {}", method, error));
                    then.run();
                }

                @Override
                public void onUnreadable() {
                    then.run();
                }
            });
        }
    }

    /** Whether the child logs; while nothing is known of it, it may. */
    boolean logs() {
        return child.handshake().map(handshake -> handshake.offers("logging")).orElse(true);
    }

    /** Whether the child says so when the list of this method changes, or never changes it. */
    boolean announcesChanges(String listMethod) {
        String capability = listMethod.substring(0, listMethod.indexOf('/'));
        return traits.stableLists()
                || child.handshake().filter(h -> h.offers(capability, "listChanged")).isPresent();
    }
}
