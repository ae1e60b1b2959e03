package dev.mpx.proxy.mux;

import dev.mpx.framing.ErrorCode;
import dev.mpx.framing.Frame;
import dev.mpx.framing.JsonValue;
import dev.mpx.framing.Message;
import dev.mpx.framing.Responses;
import dev.mpx.framing.RpcId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What is done with each request of the child: answered here, or put to the one session it must be meant for. It is
 * never guessed which: a wrong guess shows one user's data to another.
 */
final class ChildRequests {
    /** The capability a client must have declared to be asked something. */
    private static final Map<String, String> NEEDS =
            Map.of(Methods.SAMPLING, "sampling", Methods.ELICITATION, "elicitation", Methods.ROOTS, "roots");

    private final Sessions sessions;
    private final Calls calls;
    private final ServerRequests serverRequests;
    private final ServerTasks serverTasks;
    private final ClientTasks clientTasks;
    private final Elicitations elicitations;
    private final Consumer<Frame> toChild;

    ChildRequests(
            Sessions sessions,
            Calls calls,
            ServerRequests serverRequests,
            ServerTasks serverTasks,
            ClientTasks clientTasks,
            Elicitations elicitations,
            Consumer<Frame> toChild) {
        this.sessions = sessions;
        this.calls = calls;
        this.serverRequests = serverRequests;
        this.serverTasks = serverTasks;
        this.clientTasks = clientTasks;
        this.elicitations = elicitations;
        this.toChild = toChild;
    }

    void onRequest(Message.Request request) {
        switch (request.method()) {
            case Methods.PING -> toChild.accept(Responses.result(request.id(), Json.EMPTY_OBJECT));
            case Methods.SAMPLING, Methods.ELICITATION, Methods.ROOTS -> putToClient(request);
            case Methods.TASKS_GET, Methods.TASKS_RESULT, Methods.TASKS_CANCEL -> putToHost(request);
            default -> serverRequests.refuse(
                    request, ErrorCode.METHOD_NOT_FOUND, "Clients have no method " + request.method() + ".");
        }
    }

    /** A request that was too long to keep. */
    void onTooLong(RpcId id, long length) {
        serverRequests.refuse(
                id, ErrorCode.INTERNAL_ERROR, "The request was " + length + " bytes long, over mpx's line limit.");
    }

    private void putToClient(Message.Request request) {
        Optional<Session> chosen = whoIsMeant(request).filter(s -> s.presence != Session.Presence.GONE);
        if (chosen.isEmpty()) {
            serverRequests.refuse(
                    request,
                    ErrorCode.INTERNAL_ERROR,
                    "mpx can't tell which client this request is for, so it asked none of them.");
            return;
        }
        Session session = chosen.get();
        if (!session.declares(NEEDS.get(request.method()))) {
            serverRequests.refuse(
                    request, ErrorCode.METHOD_NOT_FOUND, "The client this request is for does not support it.");
            return;
        }
        elicitations.onRequest(session, request);
        serverRequests.put(session, request, clientTasks::onAnswer);
    }

    private Optional<Session> whoIsMeant(Message.Request request) {
        Optional<String> task = request.params()
                .flatMap(p -> p.at(Methods.META, Methods.RELATED_TASK, Methods.TASK_ID))
                .flatMap(JsonValue::text);
        if (task.isPresent()) {
            return serverTasks.owner(task.get());
        }
        Set<Session> candidates = calls.open().sessionsOnChild();
        if (candidates.size() == 1) {
            return Optional.of(candidates.iterator().next());
        }
        List<Session> listening = sessions.listening();
        return candidates.isEmpty() && request.method().equals(Methods.ROOTS) && listening.size() == 1
                ? Optional.of(listening.get(0))
                : Optional.empty();
    }

    private void putToHost(Message.Request request) {
        Optional<ClientTasks.Task> task = request.params()
                .flatMap(p -> p.get(Methods.TASK_ID))
                .flatMap(JsonValue::text)
                .flatMap(clientTasks::find);
        if (task.isEmpty()) {
            serverRequests.refuse(request, ErrorCode.INVALID_PARAMS, "No client has such a task.");
        } else {
            Message.Request forHost = clientTasks.forHost(request, task.get());
            serverRequests.put(task.get().host(), forHost, clientTasks::onAnswerAbout);
        }
    }
}
