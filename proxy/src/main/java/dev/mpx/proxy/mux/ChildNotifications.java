package dev.mpx.proxy.mux;

import dev.mpx.framing.Frame;
import dev.mpx.framing.JsonValue;
import dev.mpx.framing.Message;
import dev.mpx.framing.RpcId;
import dev.mpx.framing.Splicer;
import java.util.List;
import java.util.Optional;

/** What is done with each notification of the child: it goes to those it concerns, and to nobody else. */
final class ChildNotifications {
    private final Sessions sessions;
    private final Calls calls;
    private final ProgressTokens tokens;
    private final ServerRequests serverRequests;
    private final Subscriptions subscriptions;
    private final ListCache lists;
    private final ServerTasks serverTasks;
    private final Elicitations elicitations;
    private final Counters counters;

    ChildNotifications(
            Sessions sessions,
            Calls calls,
            ProgressTokens tokens,
            ServerRequests serverRequests,
            Subscriptions subscriptions,
            ListCache lists,
            ServerTasks serverTasks,
            Elicitations elicitations,
            Counters counters) {
        this.sessions = sessions;
        this.calls = calls;
        this.tokens = tokens;
        this.serverRequests = serverRequests;
        this.subscriptions = subscriptions;
        this.lists = lists;
        this.serverTasks = serverTasks;
        this.elicitations = elicitations;
        this.counters = counters;
    }

    void onNotification(Message.Notification notification) {
        switch (notification.method()) {
            case Methods.PROGRESS -> onProgress(notification);
            case Methods.TOOLS_CHANGED, Methods.PROMPTS_CHANGED, Methods.RESOURCES_CHANGED -> {
                lists.onChanged(notification.method());
                sessions.broadcast(notification.frame());
            }
            case Methods.RESOURCE_UPDATED -> toThose(
                    text(notification, "uri").map(subscriptions::interested).orElse(List.of()), notification);
            case Methods.LOG_MESSAGE -> onLogMessage(notification);
            case Methods.TASK_STATUS -> {
                Optional<Session> owner = text(notification, Methods.TASK_ID).flatMap(serverTasks::owner);
                toThose(owner.stream().toList(), notification);
                notification.params().ifPresent(serverTasks::onStatus);
            }
            case Methods.ELICITATION_COMPLETE -> toThose(
                    notification.params().flatMap(elicitations::whoSaw).stream().toList(), notification);
            case Methods.CANCELLED -> serverRequests.onCancelled(notification);
            default -> counters.count(Counter.NOTIFICATIONS_DROPPED);
        }
    }

    private void onProgress(Message.Notification notification) {
        Optional<JsonValue> upstream = notification.params().flatMap(p -> p.get(Methods.PROGRESS_TOKEN));
        Optional<ProgressTokens.Token> token = upstream.flatMap(RpcId::of).flatMap(tokens::find);
        if (token.isEmpty()) {
            counters.count(Counter.PROGRESS_DROPPED);
            return;
        }
        calls.deadlines().onProgress(token.get().call());
        token.get().call().session.send(new Splicer(notification.frame())
                .replace(upstream.get(), token.get().json())
                .splice());
    }

    private void onLogMessage(Message.Notification notification) {
        Optional<LogLevel> level = text(notification, "level").flatMap(LogLevel::of);
        Frame frame = notification.frame();
        for (Session session : sessions.listening()) {
            if (level.isEmpty() || session.logLevel.lets(level.get())) {
                session.send(frame);
            }
        }
    }

    private void toThose(List<Session> who, Message.Notification notification) {
        List<Session> listening = who.stream().filter(Session::listens).toList();
        if (listening.isEmpty()) {
            counters.count(Counter.NOTIFICATIONS_DROPPED);
        }
        listening.forEach(session -> session.send(notification.frame()));
    }

    private static Optional<String> text(Message.Notification notification, String member) {
        return notification.params().flatMap(p -> p.get(member)).flatMap(JsonValue::text);
    }
}
