package dev.mpx.proxy.mux.sim;

import dev.mpx.framing.Frame;
import dev.mpx.framing.Message;
import dev.mpx.framing.RpcId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The rules for what the child asks of clients: the one that is meant or nobody, and always an answer. */
final class ServerRequestOracle {
    private static final Map<String, String> NEEDS =
            Map.of("sampling/createMessage", "sampling", "elicitation/create", "elicitation", "roots/list", "roots");
    private static final Set<String> ABOUT_TASKS = Set.of("tasks/get", "tasks/result", "tasks/cancel");

    private static final class Pending {
        private final SimClient client;
        private final ChildSaid.Request said;
        private Optional<RpcId> id = Optional.empty();

        Pending(SimClient client, ChildSaid.Request said) {
            this.client = client;
            this.said = said;
        }
    }

    private static final class HostedTask {
        private final SimClient host;
        private final String hostsId;
        private Optional<String> childsId = Optional.empty();

        HostedTask(SimClient host, String hostsId) {
            this.host = host;
            this.hostsId = hostsId;
        }
    }

    private final Oracle oracle;
    private final List<Pending> pending = new ArrayList<>();
    private final List<HostedTask> hosted = new ArrayList<>();
    private final Set<RpcId> used = new HashSet<>();

    ServerRequestOracle(Oracle oracle) {
        this.oracle = oracle;
    }

    /** A request of the child is read. */
    void asked(ChildSaid.Request said) {
        if (said.method().equals("ping")) {
            toChild(Expectations.Line.exactly("{\"jsonrpc\":\"2.0\",\"id\":" + said.id() + ",\"result\":{}}"));
        } else if (NEEDS.containsKey(said.method())) {
            Optional<SimClient> meant = whoIsMeant(said).filter(c -> !c.state.gone);
            if (meant.isEmpty()) {
                refuse(said, -32603);
            } else if (!meant.get().declares(NEEDS.get(said.method()))) {
                refuse(said, -32601);
            } else {
                said.elicitationId().ifPresent(id -> oracle.notifications.sawElicitation(meant.get(), id));
                put(meant.get(), said, said.hostsTask());
            }
        } else if (ABOUT_TASKS.contains(said.method())) {
            Optional<HostedTask> task = hosted.stream()
                    .filter(t -> t.childsId.isPresent() && t.childsId.equals(said.hostsTask()))
                    .findFirst();
            if (task.isEmpty()) {
                refuse(said, -32602);
            } else {
                put(task.get().host, said, Optional.of(task.get().hostsId));
            }
        } else {
            refuse(said, -32601);
        }
    }

    private Optional<SimClient> whoIsMeant(ChildSaid.Request said) {
        if (said.relatedTask().isPresent()) {
            return oracle.notifications.owner(said.relatedTask().get());
        }
        Set<SimClient> callers = oracle.child.callers();
        List<SimClient> listening = oracle.listening();
        if (callers.size() == 1) {
            return callers.stream().findFirst();
        }
        return callers.isEmpty() && said.method().equals("roots/list") && listening.size() == 1
                ? Optional.of(listening.get(0))
                : Optional.empty();
    }

    private void put(SimClient client, ChildSaid.Request said, Optional<String> task) {
        if (pending.stream().anyMatch(p -> p.said.id().equals(said.id()))) {
            refuse(said, -32600);
        } else if (pending.size() >= oracle.limits.serverRequests()) {
            refuse(said, -32603);
        } else {
            Pending entry = new Pending(client, said);
            pending.add(entry);
            String end = said.middle() + task.map(Oracle::quoted).orElse("") + said.tail();
            oracle.expectations.must(client.link, new Expectations.Line("the child's " + said, text -> arrived(entry, end, text)));
        }
    }

    private boolean arrived(Pending entry, String end, String text) {
        if (Message.read(Frame.of(text)) instanceof Message.Request request
                && text.equals(entry.said.head() + request.id() + end)) {
            if (!used.add(request.id())) {
                throw new Violation("the id " + request.id() + " is given to a second request of the child");
            }
            entry.id = Optional.of(request.id());
            return true;
        }
        return false;
    }

    /** Whether a request may be sent to that client. */
    boolean put(SimClient client, Message.Request request, String text) {
        return oracle.expectations.take(client.link, text);
    }

    private void refuse(ChildSaid.Request said, int code) {
        toChild(Expectations.Line.error(Optional.of(said.id()), code));
    }

    private void toChild(Expectations.Line line) {
        oracle.child.process().ifPresent(process -> oracle.expectations.must(process, line));
    }

    private Optional<Pending> taken(SimClient client, RpcId id) {
        Optional<Pending> found = pending.stream()
                .filter(p -> p.client == client && p.id.equals(Optional.of(id)))
                .findFirst();
        found.ifPresent(pending::remove);
        return found;
    }

    /** A client's answer is read: only that of the one that was asked counts. */
    void answered(SimClient client, ClientSaid.Answer said) {
        taken(client, said.id()).ifPresent(entry -> {
            String start = said.head() + entry.said.id() + said.middle();
            if (said.taskId().isEmpty()) {
                toChild(Expectations.Line.exactly(start + said.tail()));
                return;
            }
            Optional<HostedTask> task = task(client, said.taskId().get());
            if (task.isEmpty() && ABOUT_TASKS.contains(entry.said.method())) {
                toChild(Expectations.Line.exactly(start + Oracle.quoted(said.taskId().get()) + said.tail()));
            } else {
                HostedTask known = task.orElseGet(() -> newTask(client, said.taskId().get()));
                toChild(new Expectations.Line("a task of " + client, text -> named(known, start, said.tail(), text)));
            }
        });
    }

    private Optional<HostedTask> task(SimClient host, String hostsId) {
        return hosted.stream().filter(t -> t.host == host && t.hostsId.equals(hostsId)).findFirst();
    }

    private HostedTask newTask(SimClient host, String hostsId) {
        HostedTask task = new HostedTask(host, hostsId);
        hosted.add(task);
        return task;
    }

    private boolean named(HostedTask task, String start, String end, String text) {
        if (!text.startsWith(start) || !text.endsWith(end) || text.length() < start.length() + end.length()) {
            return false;
        }
        String id = text.substring(start.length() + 1, text.length() - end.length() - 1);
        if (task.childsId.isEmpty() && hosted.stream().noneMatch(t -> t.childsId.equals(Optional.of(id)))) {
            task.childsId = Optional.of(id);
        }
        return task.childsId.equals(Optional.of(id));
    }

    /** The status of a task that a client hosts: to the child if it knows that task. */
    void status(SimClient client, ClientSaid.TaskStatus said) {
        Optional<String> id = task(client, said.taskId()).flatMap(t -> t.childsId);
        if (id.isPresent() && oracle.child.isReady()) {
            toChild(Expectations.Line.exactly(said.head() + Oracle.quoted(id.get()) + said.tail()));
        }
    }

    boolean hasToken(SimClient client, RpcId token) {
        return pending.stream().anyMatch(p -> p.client == client && p.said.token().equals(Optional.of(token)));
    }

    /** The client sent something under this id that is no answer. */
    void unreadable(SimClient client, RpcId id) {
        taken(client, id).ifPresent(entry -> refuse(entry.said, -32603));
    }

    /** The child takes a request back. */
    void cancelled(ChildSaid.Cancel said) {
        pending.stream().filter(p -> p.said.id().equals(said.id())).findFirst().ifPresent(entry -> {
            pending.remove(entry);
            entry.id.ifPresent(id -> oracle.expectations.must(
                    entry.client.link, Expectations.Line.exactly(said.head() + id + said.tail())));
        });
    }

    void left(SimClient client) {
        for (Pending entry : List.copyOf(pending)) {
            if (entry.client == client) {
                pending.remove(entry);
                refuse(entry.said, -32603);
            }
        }
        hosted.removeIf(t -> t.host == client);
    }

    void childGone() {
        for (Pending entry : pending) {
            entry.id.ifPresent(id ->
                    oracle.expectations.must(entry.client.link, Expectations.Line.cancelled(id.toString())));
        }
        pending.clear();
        hosted.clear();
    }

    /** Whether a client's open question is taken back since the child that asked can't be ended. */
    boolean withdrawn(SimClient client, String text) {
        return oracle.deadlines.mayBeWedged()
                && pending.removeIf(entry -> entry.client == client
                        && entry.id.filter(id -> Expectations.Line.cancelled(id.toString()).fits().test(text)).isPresent());
    }

    void checkQuiet() {
        if (!pending.isEmpty()) {
            throw new Violation("the child was never answered: " + pending.get(0).said);
        }
    }
}
