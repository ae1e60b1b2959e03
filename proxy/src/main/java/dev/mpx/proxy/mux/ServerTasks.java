package dev.mpx.proxy.mux;

import dev.mpx.framing.ErrorCode;
import dev.mpx.framing.Frame;
import dev.mpx.framing.JsonValue;
import dev.mpx.framing.Message;
import dev.mpx.framing.RpcId;
import dev.mpx.framing.Splicer;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Tasks that live on the child (revision 2025-11-25): each belongs to the session whose call started it, and nobody
 * else is told that it exists.
 */
final class ServerTasks {
    private static final Set<String> TERMINAL = Set.of("completed", "failed", "cancelled");

    private record Task(Session owner, RpcId upstreamToken, boolean over) {}

    private final Map<String, Task> tasks;
    private final ProgressTokens tokens;

    ServerTasks(int bound, ProgressTokens tokens) {
        this.tasks = new Remembered<>(bound);
        this.tokens = tokens;
    }

    /** Who owns the task. */
    Optional<Session> owner(String taskId) {
        return Optional.ofNullable(tasks.get(taskId)).map(Task::owner);
    }

    /** A call's answer that starts a task makes its session the owner. */
    void onResponse(Call call, Message.Response response) {
        if (!call.asksForTask) {
            return;
        }
        Optional<String> taskId =
                response.result().flatMap(r -> r.at(Methods.TASK, Methods.TASK_ID)).flatMap(JsonValue::text);
        if (taskId.isPresent() && call.session.presence != Session.Presence.GONE) {
            tasks.put(taskId.get(), new Task(call.session, call.upstreamId, false));
            if (call.state != Call.State.ABANDONED) {
                tokens.keep(call.upstreamId);
                // it may be over as soon as it begins
                response.result().flatMap(r -> r.get(Methods.TASK)).ifPresent(this::onStatus);
            }
        }
    }

    /** For {@code tasks/get}, {@code tasks/result} and {@code tasks/cancel}. */
    RequestRule ofOne() {
        return new RequestRule() {
            @Override
            public Verdict onRequest(Session session, Message.Request request) {
                return verdict(session, request);
            }

            /** The child may have died meanwhile, and the next one's tasks of the same name be others'. */
            @Override
            public Verdict onTurn(Call call) {
                return verdict(call.session, call.request.orElseThrow());
            }

            private Verdict verdict(Session session, Message.Request request) {
                Optional<String> taskId = request.params().flatMap(ServerTasks::taskId);
                return taskId.flatMap(ServerTasks.this::owner).filter(owner -> owner == session).isPresent()
                        ? Verdict.FORWARD
                        : new Verdict.Refuse(Fault.plain(ErrorCode.INVALID_PARAMS, "This client has no such task."));
            }

            @Override
            public Frame onResponse(Call call, Message.Response response) {
                response.result().ifPresent(ServerTasks.this::onStatus);
                return response.frame();
            }
        };
    }

    /** For {@code tasks/list}: the answer is cut down to the asker's own tasks. */
    RequestRule ofAll() {
        return new RequestRule() {
            @Override
            public Frame onResponse(Call call, Message.Response response) {
                return response.result()
                        .flatMap(r -> r.get("tasks"))
                        .map(list -> new Splicer(response.frame()).replace(list, own(call.session, list)).splice())
                        .orElse(response.frame());
            }
        };
    }

    private byte[] own(Session session, JsonValue list) {
        ByteArrayOutputStream own = new ByteArrayOutputStream();
        own.write('[');
        for (JsonValue task : list.elements()) {
            if (taskId(task).flatMap(this::owner).filter(owner -> owner == session).isPresent()) {
                if (own.size() > 1) {
                    own.write(',');
                }
                own.writeBytes(task.toBytes());
            }
        }
        own.write(']');
        return own.toByteArray();
    }

    private static Optional<String> taskId(JsonValue object) {
        return object.get(Methods.TASK_ID).flatMap(JsonValue::text);
    }

    /** The task's status as the child tells it; once it is over there is no more progress. */
    void onStatus(JsonValue status) {
        Optional<String> state = status.get("status").flatMap(JsonValue::text);
        if (state.filter(TERMINAL::contains).isPresent()) {
            taskId(status).ifPresent(id -> tasks.computeIfPresent(id, (same, task) -> {
                tokens.drop(task.upstreamToken());
                return new Task(task.owner(), task.upstreamToken(), true);
            }));
        }
    }

    /** Whether the child works on a task that somebody may still ask for. */
    boolean areRunning() {
        return tasks.values().stream().anyMatch(task -> !task.over());
    }

    /** A session has left; its tasks go on, but nobody may ask for them any more. */
    void onLeft(Session session) {
        tasks.values().removeIf(task -> {
            if (task.owner() == session) {
                tokens.drop(task.upstreamToken());
                return true;
            }
            return false;
        });
    }

    void clear() {
        tasks.clear();
    }

    /** Tasks whose owner is here. */
    int size() {
        return tasks.size();
    }
}
