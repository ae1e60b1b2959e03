package dev.mpx.proxy.mux;

import dev.mpx.framing.Frame;
import dev.mpx.framing.JsonValue;
import dev.mpx.framing.Message;
import dev.mpx.framing.Splicer;
import java.util.Map;
import java.util.Optional;

/**
 * Tasks that clients host for the child (revision 2025-11-25). Two clients may give their tasks equal ids, so the
 * child sees ids of mpx's own.
 */
final class ClientTasks {
    /** A client's task: who hosts it and what that client calls it. */
    record Task(Session host, String hostsId) {}

    private final String nonce;
    private final Map<String, Task> tasks;
    private long count;

    ClientTasks(String nonce, int bound) {
        this.nonce = nonce;
        this.tasks = new Remembered<>(bound);
    }

    Optional<Task> find(String taskId) {
        return Optional.ofNullable(tasks.get(taskId));
    }

    /** An answer that starts a task on the client: the child gets the task under mpx's id. */
    Frame onAnswer(Session session, Message.Response answer) {
        Optional<JsonValue> taskId =
                answer.result().flatMap(r -> r.at(Methods.TASK, Methods.TASK_ID)).filter(id -> id.text().isPresent());
        return taskId.map(id -> replace(answer.frame(), id, upstreamId(session, id.text().get()))).orElse(answer.frame());
    }

    /** The request of the child about a client's task, with the id that client knows. */
    Message.Request forHost(Message.Request request, Task task) {
        JsonValue taskId = request.params().flatMap(p -> p.get(Methods.TASK_ID)).orElseThrow();
        return (Message.Request) Message.read(replace(request.frame(), taskId, task.hostsId()));
    }

    /** An answer of the client about its task, with the id the child knows wherever the client's own stands. */
    Frame onAnswerAbout(Session session, Message.Response answer) {
        Splicer splicer = new Splicer(answer.frame());
        answer.result().flatMap(r -> r.get(Methods.TASK_ID)).ifPresent(id -> splice(splicer, session, id));
        answer.result()
                .flatMap(r -> r.at(Methods.META, Methods.RELATED_TASK, Methods.TASK_ID))
                .ifPresent(id -> splice(splicer, session, id));
        return splicer.splice();
    }

    /** A status notification of a client about its task, as the child may see it; empty if it knows of no such task. */
    Optional<Frame> onStatus(Session session, Message.Notification notification) {
        Optional<JsonValue> taskId = notification.params().flatMap(p -> p.get(Methods.TASK_ID));
        return taskId.flatMap(JsonValue::text)
                .flatMap(id -> known(session, id))
                .map(known -> replace(notification.frame(), taskId.get(), known));
    }

    private void splice(Splicer splicer, Session session, JsonValue id) {
        id.text().flatMap(text -> known(session, text)).ifPresent(known -> splicer.replace(id, quoted(known)));
    }

    private static Frame replace(Frame frame, JsonValue value, String text) {
        return new Splicer(frame).replace(value, quoted(text)).splice();
    }

    private static byte[] quoted(String text) {
        return dev.mpx.framing.JsonText.quote(text);
    }

    private String upstreamId(Session session, String hostsId) {
        return known(session, hostsId).orElseGet(() -> {
            String id = "mpx-" + nonce + "-task-" + ++count;
            tasks.put(id, new Task(session, hostsId));
            return id;
        });
    }

    private Optional<String> known(Session session, String hostsId) {
        for (Map.Entry<String, Task> entry : tasks.entrySet()) {
            if (entry.getValue().host() == session && entry.getValue().hostsId().equals(hostsId)) {
                return Optional.of(entry.getKey());
            }
        }
        return Optional.empty();
    }

    void onLeft(Session session) {
        tasks.values().removeIf(task -> task.host() == session);
    }

    void clear() {
        tasks.clear();
    }

    /** Tasks whose host is here. */
    int size() {
        return tasks.size();
    }
}
