package dev.mpx.proxy.mux.sim;

import dev.mpx.framing.JsonValue;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The rules for notifications: progress to its owner, updates to subscribers, log messages by level, the rest to those concerned. */
final class NotificationOracle {
    private static final Set<String> OVER = Set.of("completed", "failed", "cancelled");

    private record Task(SimClient owner, Optional<String> token) {}

    private final Oracle oracle;
    private final Map<String, Ask> tokens = new HashMap<>();
    private final Map<String, Task> tasks = new HashMap<>();
    private final Map<String, SimClient> elicitations = new HashMap<>();
    private final Map<String, Integer> announced = new HashMap<>();

    NotificationOracle(Oracle oracle) {
        this.oracle = oracle;
    }

    // ---- what calls leave behind

    void tokenGiven(String token, Ask ask) {
        ask.givenToken = Optional.of(token);
        if (tokens.put(token, ask) != null) {
            throw new Violation("the progress token " + token + " is used twice");
        }
    }

    /** The child has answered; {@code awaited} if its client gets to know. */
    void answered(Ask ask, JsonValue answer, boolean awaited) {
        Optional<JsonValue> result = answer.get("result");
        Optional<String> task = text(result.flatMap(r -> r.at("task", "taskId"))).filter(id -> ask.startsTask);
        boolean goesOn = task.isPresent() && awaited
                && text(result.flatMap(r -> r.at("task", "status"))).filter(OVER::contains).isEmpty();
        if (!goesOn) {
            ask.givenToken.ifPresent(tokens::remove);
        }
        if (!ask.client.state.gone) {
            task.ifPresent(id -> tasks.put(id, new Task(ask.client, ask.givenToken)));
            answer.at("error", "data", "elicitations")
                    .filter(all -> awaited)
                    .ifPresent(all -> all.elements().forEach(e -> sawElicitation(
                            ask.client, text(e.get("elicitationId")).orElseThrow())));
        }
        if (ask.method.equals("tasks/get") || ask.method.equals("tasks/cancel")) {
            result.ifPresent(r -> status(ask.target, text(r.get("status")).orElse("")));
        }
        if (ask.method.equals("resources/subscribe")) {
            subscribeAnswered(ask, result.isPresent(), awaited);
        }
    }

    private void subscribeAnswered(Ask ask, boolean well, boolean awaited) {
        ClientState state = ask.client.state;
        if (!well) {
            notSubscribed(ask);
        } else if (awaited && state.maybeSubscribed.contains(ask.target) && !ask.overtakenByUnsubscribe) {
            state.subscribed.add(ask.target);
        }
    }

    /** The child has answered, but the call goes on. */
    void refused(Ask ask) {
        ask.givenToken.ifPresent(tokens::remove);
    }

    /** A call is taken back, or has failed. */
    void lost(Ask ask) {
        if (ask.state == Ask.State.ABANDONED) {
            if (ask.method.equals("resources/subscribe")) {
                ask.client.state.leftHanging.add(ask.target);
            }
            return;
        }
        ask.givenToken.ifPresent(tokens::remove);
        if (ask.method.equals("resources/subscribe")) {
            notSubscribed(ask);
        }
    }

    /** An abandoned call has no place on the child any more; nothing that still comes of it is known. */
    void vacated(Ask ask) {
        ask.givenToken.ifPresent(tokens::remove);
    }

    private static void notSubscribed(Ask ask) {
        ClientState state = ask.client.state;
        boolean asksAgain = state.inFlight.values().stream()
                .anyMatch(a -> a != ask && a.method.equals("resources/subscribe") && a.target.equals(ask.target));
        if (!asksAgain && !state.subscribed.contains(ask.target) && !state.leftHanging.contains(ask.target)) {
            state.maybeSubscribed.remove(ask.target);
        }
    }

    void sawElicitation(SimClient client, String id) {
        elicitations.put(id, client);
    }

    Optional<SimClient> owner(String task) {
        return Optional.ofNullable(tasks.get(task)).map(Task::owner);
    }

    boolean owns(SimClient client, String task) {
        return owner(task).filter(o -> o == client).isPresent();
    }

    /** A list of tasks as that client may see it. */
    String ownTasks(SimClient client, String answer) {
        Optional<JsonValue> list = Oracle.json(answer).flatMap(a -> a.at("result", "tasks"));
        if (list.isEmpty()) {
            return answer;
        }
        String own = list.get().elements().stream()
                .filter(task -> owns(client, text(task.get("taskId")).orElse("")))
                .map(JsonValue::toString)
                .collect(Collectors.joining(",", "[", "]"));
        return answer.replace(list.get().toString(), own);
    }

    private void status(String taskId, String status) {
        if (OVER.contains(status) && tasks.containsKey(taskId)) {
            tasks.get(taskId).token().ifPresent(tokens::remove);
        }
    }

    // ---- what the child tells

    void fromChild(ChildSaid said) {
        if (said instanceof ChildSaid.Progress progress) {
            Ask ask = tokens.get(Long.toString(progress.token()));
            boolean wanted = ask != null && ask.state != Ask.State.ABANDONED && !ask.client.state.gone;
            if (wanted) {
                oracle.deadlines.progressed(ask);
                must(ask.client, progress.head() + ask.token.orElseThrow() + progress.tail());
            }
        } else if (said instanceof ChildSaid.Changed changed) {
            announced.put(changed.list(), changed.version());
            oracle.listening().forEach(c -> must(c, changed.text()));
        } else if (said instanceof ChildSaid.Updated updated) {
            updated(updated);
        } else if (said instanceof ChildSaid.Log log) {
            int level = Levels.ALL.indexOf(log.level());
            oracle.listening().stream()
                    .filter(c -> level < 0 || level >= c.state.level)
                    .forEach(c -> must(c, log.text()));
        } else if (said instanceof ChildSaid.TaskStatus status) {
            owner(status.taskId()).filter(c -> c.state.listens()).ifPresent(c -> must(c, status.text()));
            status(status.taskId(), status.status());
        } else if (said instanceof ChildSaid.ElicitationComplete complete) {
            Optional.ofNullable(elicitations.get(complete.elicitationId()))
                    .filter(c -> c.state.listens())
                    .ifPresent(c -> must(c, complete.text()));
        }
    }

    private void updated(ChildSaid.Updated updated) {
        Set<SimClient> exactly = holders(state -> state.subscribed.stream(), updated.uri()::equals);
        Set<SimClient> maybeExactly = holders(state -> state.maybeSubscribed.stream(), updated.uri()::equals);
        Set<SimClient> must = exactly;
        Set<SimClient> may = new LinkedHashSet<>(maybeExactly);
        if (exactly.isEmpty()) {
            may.addAll(holders(state -> state.maybeSubscribed.stream(), updated.uri()::startsWith));
            must = maybeExactly.isEmpty() ? holders(state -> state.subscribed.stream(), updated.uri()::startsWith) : Set.of();
        }
        may.removeAll(must);
        must.stream().filter(c -> c.state.listens()).forEach(c -> must(c, updated.text()));
        may.stream().filter(c -> c.state.listens()).forEach(c -> oracle.expectations.may(c.link, Expectations.Line.exactly(updated.text())));
    }

    private Set<SimClient> holders(
            Function<ClientState, java.util.stream.Stream<String>> uris, java.util.function.Predicate<String> fits) {
        return oracle.clients.stream()
                .filter(c -> uris.apply(c.state).anyMatch(fits))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private void must(SimClient client, String text) {
        oracle.expectations.must(client.link, Expectations.Line.exactly(text));
    }

    int announced(String list) {
        return announced.getOrDefault(list, 0);
    }

    // ---- what clients tell

    void fromClient(SimClient client, ClientSaid said) {
        if (said instanceof ClientSaid.TaskStatus status) {
            oracle.serverRequests.status(client, status);
            return;
        }
        Optional<String> forChild = Optional.empty();
        if (said instanceof ClientSaid.Other other) {
            forChild = Optional.of(other.text()).filter(t -> client.state.initialized);
        } else if (said instanceof ClientSaid.RootsChanged changed) {
            forChild = Optional.of(changed.text()).filter(t -> oracle.child.declaresRoots());
        } else if (said instanceof ClientSaid.Progress progress) {
            forChild = Optional.of(progress.text())
                    .filter(t -> oracle.serverRequests.hasToken(client, progress.token()));
        }
        if (oracle.child.isReady()) {
            forChild.ifPresent(text -> oracle.expectations.must(
                    oracle.child.process().orElseThrow(), Expectations.Line.exactly(text)));
        }
    }

    void left(SimClient client) {
        client.state.subscribed.clear();
        client.state.maybeSubscribed.clear();
        tokens.values().removeIf(ask -> ask.client == client && ask.state == Ask.State.ANSWERED);
        tasks.values().removeIf(task -> task.owner() == client);
        elicitations.values().removeIf(c -> c == client);
    }

    void childGone() {
        tokens.clear();
        tasks.clear();
        elicitations.clear();
    }

    void newChild() {
        announced.clear();
    }

    // ---- what the child must be asked for

    boolean surelyWanted(String uri) {
        return oracle.clients.stream().anyMatch(c -> c.state.subscribed.contains(uri));
    }

    boolean maybeWanted(String uri) {
        return oracle.clients.stream().anyMatch(c -> c.state.maybeSubscribed.contains(uri));
    }

    /** The most verbose level that a session wants. */
    int wantedLevel() {
        return oracle.clients.stream()
                .filter(c -> !c.state.gone && c.state.phase != ClientState.Phase.NEW)
                .mapToInt(c -> c.state.level)
                .min()
                .orElse(Levels.UNASKED);
    }

    void checkQuiet() {
        Optional<SimProcess> process = oracle.child.process().filter(p -> oracle.child.isReady());
        if (process.isEmpty()) {
            return;
        }
        SimProcess child = process.get();
        for (String uri : child.subscriptions()) {
            if (!maybeWanted(uri)) {
                throw new Violation("the child is still subscribed to " + uri + ", which nobody wants");
            }
        }
        for (SimClient client : oracle.listening()) {
            if (!child.subscriptions().containsAll(client.state.subscribed)) {
                throw new Violation("the child was not asked for all of " + client + "'s " + client.state.subscribed);
            }
            if (child.level().filter(level -> level > client.state.level).isPresent()) {
                throw new Violation("the child logs from level " + child.level() + " on, " + client + " wants " + client.state.level);
            }
        }
    }

    private static Optional<String> text(Optional<JsonValue> value) {
        return value.flatMap(JsonValue::text);
    }
}
