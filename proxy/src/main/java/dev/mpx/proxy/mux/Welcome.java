package dev.mpx.proxy.mux;

import dev.mpx.framing.ErrorCode;
import dev.mpx.framing.JsonValue;
import dev.mpx.framing.Message;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The handshake with clients: each is answered from the child's own answer, once that is there. Exactly one
 * {@code initialize} reaches a child process, and it is not a client's.
 */
final class Welcome {
    /** What is remembered of an {@code initialize} for as long as the session lives is bounded by this. */
    private static final int LARGEST_INITIALIZE = 1 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(Welcome.class);

    private final Child child;
    private final ColdStart coldStart;
    private final Iterable<Session> sessions;
    private final Runnable onLetIn;

    /** @param onLetIn called after a session was let in */
    Welcome(Child child, ColdStart coldStart, Iterable<Session> sessions, Runnable onLetIn) {
        this.child = child;
        this.coldStart = coldStart;
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
        LOG.info("session {} has come: {} {}, {}", session.number, session.agent(), Settlements.bounded(session.clientVersion()),
                session.introduction.map(Welcome::whence).orElseGet(() -> "by " + session.link.peer().transport()));
        session.capabilities = member(request, "capabilities").filter(c -> c.kind() == JsonValue.Kind.OBJECT);
        session.knock = Optional.of(new Session.Knock(request.id(), revision.get(), session));
        if (child.idle()) {
            session.capabilities.ifPresent(child.greeting()::lend);
        }
        child.need();
        child.handshake().or(coldStart::handshake).ifPresent(handshake -> letIn(session, handshake));
    }

    private static String whence(Introduction who) {
        return "agent " + who.parent() + (who.parentPid().isPresent() ? " pid " + who.parentPid().getAsLong() : "") + " on " + who.host()
                + " in " + who.directory();
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
            session.told = Optional.of(handshake);
            knock.replyTo().reply(coldStart.asTold(handshake).answerFor(knock.id(), session.revision));
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
