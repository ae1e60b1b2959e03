package dev.mpx.proxy.mux;

import dev.mpx.framing.ErrorCode;
import dev.mpx.framing.JsonValue;
import dev.mpx.framing.Message;
import java.util.Optional;

/**
 * The handshake with clients: each is answered from the child's own answer, once that is there. Exactly one
 * {@code initialize} reaches a child process, and it is not a client's.
 */
final class Welcome {
    /** What is remembered of an {@code initialize} for as long as the session lives is bounded by this. */
    private static final int LARGEST_INITIALIZE = 1 << 20;

    private final Child child;
    private final Iterable<Session> sessions;
    private final Runnable onLetIn;

    /** @param onLetIn called after a session was let in */
    Welcome(Child child, Iterable<Session> sessions, Runnable onLetIn) {
        this.child = child;
        this.sessions = sessions;
        this.onLetIn = onLetIn;
    }

    void onInitialize(Session session, Message.Request request) {
        Optional<String> revision =
                request.params().flatMap(p -> p.get("protocolVersion")).flatMap(JsonValue::text);
        if (revision.isEmpty()) {
            refuse(session, request, ErrorCode.INVALID_PARAMS, "initialize must name a protocolVersion.");
            return;
        }
        if (request.frame().length() > LARGEST_INITIALIZE) {
            refuse(session, request, ErrorCode.INVALID_REQUEST, "initialize must not be longer than 1 MiB.");
            return;
        }
        session.phase = Session.Phase.INITIALIZING;
        session.clientInfo = member(request, "clientInfo");
        session.capabilities = member(request, "capabilities").filter(c -> c.kind() == JsonValue.Kind.OBJECT);
        session.knock = Optional.of(new Session.Knock(request.id(), revision.get(), session));
        if (child.idle()) {
            session.capabilities.ifPresent(child.greeting()::lend);
        }
        child.need();
        child.handshake().ifPresent(handshake -> letIn(session, handshake));
    }

    private static void refuse(Session session, Message.Request request, int code, String reason) {
        session.send(Fault.plain(code, reason).answer(Optional.of(request.id())));
    }

    private static Optional<JsonValue> member(Message.Request request, String name) {
        return request.params().flatMap(p -> p.get(name)).flatMap(v -> JsonValue.parse(v.toBytes()));
    }

    /** The child has answered mpx: everyone who waits is let in. */
    void onReady(Handshake handshake) {
        for (Session session : sessions) {
            letIn(session, handshake);
        }
    }

    private void letIn(Session session, Handshake handshake) {
        session.knock.ifPresent(knock -> {
            session.knock = Optional.empty();
            session.phase = Session.Phase.OPEN;
            session.revision = Revisions.negotiate(knock.revision(), handshake.revision());
            knock.replyTo().reply(handshake.answerFor(knock.id(), session.revision));
            onLetIn.run();
        });
    }

    /** The child can't be started: everyone who waits is told so, and may ask again. */
    void onUnavailable(Fault fault) {
        for (Session session : sessions) {
            session.knock.ifPresent(knock -> {
                session.knock = Optional.empty();
                session.phase = Session.Phase.NEW;
                session.initialized = false;
                knock.replyTo().reply(fault.answer(Optional.of(knock.id())));
            });
        }
    }
}
