package dev.mpx.proxy.mux.sim;

import dev.mpx.framing.JsonValue;
import dev.mpx.framing.Message;
import dev.mpx.framing.RpcId;
import dev.mpx.proxy.mux.ServerTraits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rules for calls: exactly one answer, the right one, to the right session; fair turns; nothing sent twice. */
final class CallOracle {
    private record Page(int version, String result) {}

    private final Oracle oracle;
    private final boolean stableLists;
    private final boolean knowsRefusals;
    private final Map<String, Ask> asks = new HashMap<>();
    private final Map<String, List<Page>> pages = new HashMap<>();

    CallOracle(Oracle oracle, ServerTraits traits) {
        this.oracle = oracle;
        stableLists = traits.stableLists();
        knowsRefusals = !traits.heldAnswers().isEmpty();
    }

    /** A request is read. */
    void asked(SimClient client, Ask ask, Optional<OpenBatch> batch) {
        ClientState state = client.state;
        asks.put(ask.key, ask);
        ask.batch = batch;
        if (state.inFlight.containsKey(ask.id) || state.knock.filter(k -> k.id().equals(ask.id)).isPresent()) {
            refuse(ask, -32600);
            return;
        }
        switch (ask.method) {
            case "ping" -> result(ask, "{}");
            case "server/discover" -> refuse(ask, -32601);
            case "mpx/status" -> result(ask, World.STATUS);
            case "initialize" -> initialize(client, ask);
            default -> other(client, ask);
        }
    }

    private void initialize(SimClient client, Ask ask) {
        if (ask.batch.isPresent() || client.state.phase != ClientState.Phase.NEW) {
            refuse(ask, -32600);
        } else if (oracle.draining) {
            refuse(ask, -32016);
        } else {
            client.state.phase = ClientState.Phase.INITIALIZING;
            client.state.knock = Optional.of(new ClientState.Knock(ask.id, ask.target));
            ask.state = Ask.State.ANSWERED;
            oracle.child.letIn(client);
        }
    }

    private void other(SimClient client, Ask ask) {
        ClientState state = client.state;
        if (state.phase == ClientState.Phase.NEW) {
            refuse(ask, -32600);
        } else if (oracle.draining) {
            refuse(ask, -32016);
        } else if (state.inFlight.size() >= oracle.limits.queuedCalls()) {
            refuse(ask, -32013);
        } else if (ask.method.equals("logging/setLevel")) {
            setLevel(state, ask);
        } else if (isAboutOneTask(ask) && !oracle.notifications.owns(client, ask.target)) {
            refuse(ask, -32602);
        } else {
            if (ask.method.equals("resources/subscribe")) {
                state.maybeSubscribed.add(ask.target);
            } else if (ask.method.equals("resources/unsubscribe")) {
                state.maybeSubscribed.remove(ask.target);
                state.subscribed.remove(ask.target);
                state.inFlight.values().stream()
                        .filter(a -> a.method.equals("resources/subscribe") && a.target.equals(ask.target))
                        .forEach(a -> a.overtakenByUnsubscribe = true);
            }
            ask.state = Ask.State.WAITING;
            oracle.deadlines.asked(ask);
            ask.arrival = oracle.lending.nextArrival();
            state.inFlight.put(ask.id, ask);
        }
    }

    private static boolean isAboutOneTask(Ask ask) {
        return ask.method.equals("tasks/get") || ask.method.equals("tasks/result") || ask.method.equals("tasks/cancel");
    }

    private void setLevel(ClientState state, Ask ask) {
        int level = Levels.ALL.indexOf(ask.target);
        if (level < 0) {
            refuse(ask, -32602);
        } else {
            state.level = level;
            state.choseLevel = true;
            result(ask, "{}");
        }
    }

    private void result(Ask ask, String result) {
        settle(ask, Expectations.Line.exactly("{\"jsonrpc\":\"2.0\",\"id\":" + ask.id + ",\"result\":" + result + "}"));
    }

    private void refuse(Ask ask, int asked) {
        int code = ask.codeInVain(asked);
        settle(ask, code <= -32010 && code >= -32019
                ? Expectations.Line.fault(ask.id, code, ask.mayBeSeen())
                : Expectations.Line.error(Optional.of(ask.id), code));
    }

    private void settle(Ask ask, Expectations.Line line) {
        forget(ask);
        ask.state = Ask.State.ANSWERED;
        oracle.answer(ask.client, ask.batch, line);
    }

    private static void forget(Ask ask) {
        ClientState state = ask.client.state;
        state.inFlight.remove(ask.id, ask);
        if (!state.waits()) {
            state.overtakenBy.clear();
        }
    }

    /** Whether it is a call whose turn has come, handed to the child as it should be. */
    boolean handedOver(SimProcess process, Message.Request request, Out out, String text) {
        Ask ask = request.params()
                .flatMap(p -> p.get("who"))
                .flatMap(JsonValue::text)
                .map(asks::get)
                .orElseThrow(() -> new Violation("sent to the child though nobody asked: " + text));
        if (ask.state != Ask.State.WAITING) {
            throw new Violation("sent to the child though it does not wait: " + ask);
        }
        if (ask.out.filter(Out::begun).isPresent() && !ask.isAskedAgain() && !ask.isRefused()) {
            throw new Violation("sent a second time: " + ask);
        }
        boolean afterRefusal = ask.isRefused();
        if (afterRefusal) {
            oracle.seen.add("asked again after a refusal");
            oracle.deadlines.askedAfterRefusal(ask);
        }
        if (ask.method.equals("resources/unsubscribe") && oracle.notifications.surelyWanted(ask.target)) {
            throw new Violation("unsubscribed while another session is subscribed: " + ask);
        }
        if (isAboutOneTask(ask) && !oracle.notifications.owns(ask.client, ask.target)) {
            throw new Violation("asks the child for a task of another: " + ask);
        }
        oracle.child.fresh(request);
        String token = request.params().flatMap(p -> p.at("_meta", "progressToken")).map(JsonValue::toString).orElse("");
        if (!text.equals(ask.text(request.idValue().toString(), token))) {
            throw new Violation("changed on its way: " + ask + " became " + text);
        }
        ask.upstreamId = request.id().number().orElseThrow();
        ask.out = Optional.of(out);
        out.ask = Optional.of(ask);
        ask.state = Ask.State.ON_CHILD;
        oracle.child.holds(process, ask);
        oracle.deadlines.handedOver(ask);
        oracle.lending.handedOver(ask);
        ask.token.ifPresent(own -> oracle.notifications.tokenGiven(token, ask));
        if (afterRefusal) {
            // it had its turn before; it is nobody's
            ask.client.state.overtakenBy.clear();
        } else {
            hadItsTurn(ask.client);
        }
        return true;
    }

    /** Whoever waits may be overtaken by each other session once before its own turn. */
    private void hadItsTurn(SimClient served) {
        served.state.overtakenBy.clear();
        for (SimClient other : oracle.clients) {
            if (oracle.budget.spent() || oracle.lending.isWanted() || !other.state.waits()) {
                other.state.overtakenBy.clear();
            } else if (other != served && other.state.overtakenBy.merge(served, 1, Integer::sum) > 1) {
                throw new Violation(other + " waits while " + served + " is served twice");
            }
        }
    }

    void withdrawn(Ask ask) {
        oracle.child.onChild.remove(ask.upstreamId, ask);
        if (ask.state == Ask.State.ABANDONED) {
            ask.state = Ask.State.CANCELLED;
        }
    }

    /** The child's answer is read. */
    void answered(ChildSaid.Answer said) {
        Ask ask = oracle.child.onChild.remove(said.upstreamId());
        if (ask == null) {
            oracle.child.answeredOther(said.upstreamId());
            return;
        }
        oracle.deadlines.answered();
        String text = said.head() + ask.id + said.tail();
        Optional<JsonValue> answer = Oracle.json(text);
        Optional<JsonValue> result = answer.flatMap(a -> a.get("result"));
        boolean awaited = ask.state == Ask.State.ON_CHILD;
        oracle.notifications.answered(ask, answer.orElseThrow(), awaited);
        if (ask.method.endsWith("/list") && !ask.hasCursor && mayBeKept(list(ask))) {
            result.ifPresent(r -> pages.computeIfAbsent(ask.method, m -> new ArrayList<>())
                    .add(new Page(r.get("version").flatMap(JsonValue::integer).orElse(0L).intValue(), r.toString())));
        }
        if (awaited) {
            String seen = ask.method.equals("tasks/list") ? oracle.notifications.ownTasks(ask.client, text) : text;
            settle(ask, Expectations.Line.exactly(seen));
        } else {
            ask.state = Ask.State.CANCELLED;
        }
    }

    /** The child has written nothing: a write waits to be asked again, unless its deadline is near. */
    void held(ChildSaid.Held said) {
        Ask ask = oracle.child.onChild.get(said.upstreamId());
        if (ask == null || ask.state != Ask.State.ON_CHILD || !knowsRefusals || !ask.isWrite()) {
            answered(new ChildSaid.Answer(said.upstreamId(), said.head(), said.tail()));
            return;
        }
        oracle.child.onChild.remove(said.upstreamId());
        oracle.deadlines.answered();
        oracle.deadlines.refused(ask, said.holder());
        oracle.notifications.refused(ask);
    }

    void answeredTooLong(long upstreamId) {
        Ask ask = oracle.child.onChild.remove(upstreamId);
        if (ask != null) {
            oracle.deadlines.answered();
            boolean awaited = ask.state == Ask.State.ON_CHILD;
            ask.state = Ask.State.CANCELLED;
            oracle.notifications.lost(ask);
            if (awaited) {
                refuse(ask, -32014);
            }
        } else {
            oracle.child.answeredItself(upstreamId);
        }
    }

    /** A client takes a request back. */
    void cancelled(SimClient client, ClientSaid.Cancel cancel) {
        Ask ask = client.state.inFlight.get(cancel.id());
        if (ask != null) {
            takeBack(ask, Expectations.Line.exactly(cancel.head() + ask.upstreamId + cancel.tail()));
        }
    }

    void left(SimClient client) {
        for (Ask ask : List.copyOf(client.state.inFlight.values())) {
            takeBack(ask, Expectations.Line.cancelled(Long.toString(ask.upstreamId)));
        }
    }

    private void takeBack(Ask ask, Expectations.Line forChild) {
        forget(ask);
        if (ask.state == Ask.State.WAITING) {
            ask.state = Ask.State.CANCELLED;
        } else {
            ask.state = Ask.State.ABANDONED;
            SimProcess process = oracle.child.process().orElseThrow();
            if (ask.out.filter(Out::begun).isPresent()) {
                oracle.expectations.must(process, forChild);
            } else {
                oracle.expectations.may(process, forChild);
            }
        }
        oracle.notifications.lost(ask);
        ask.batch.ifPresent(OpenBatch::settled);
    }

    /** The child goes on without having answered a call that nobody waits for. */
    void vacated(Ask ask) {
        oracle.seen.add("place given up");
        ask.state = Ask.State.CANCELLED;
        oracle.notifications.vacated(ask);
    }

    /** A new child is ready: what the one before it listed counts no more. */
    void newChild() {
        pages.clear();
    }

    /** The child is gone: what it may have seen fails, what it never saw waits again. */
    void childGone() {
        oracle.notifications.childGone();
        for (Ask ask : oracle.child.onChild.values()) {
            if (ask.state == Ask.State.ABANDONED) {
                ask.state = Ask.State.CANCELLED;
            } else if (ask.out.filter(Out::begun).isEmpty()) {
                ask.state = Ask.State.WAITING;
            } else if (ask.mayBeAskedAgain()) {
                ask.state = Ask.State.WAITING;
                oracle.deadlines.askedAgain(ask);
                oracle.seen.add("asked again");
            } else {
                oracle.notifications.lost(ask);
                refuse(ask, -32011);
            }
        }
        oracle.child.onChild.clear();
        oracle.clients.forEach(client -> client.state.overtakenBy.clear());
    }

    /** Whoever waits is told that it is in vain. */
    void failWaiting(int code) {
        for (SimClient client : oracle.clients) {
            for (Ask ask : List.copyOf(client.state.inFlight.values())) {
                if (ask.state == Ask.State.WAITING) {
                    oracle.notifications.lost(ask);
                    refuse(ask, code);
                }
            }
            client.state.knock.ifPresent(knock -> {
                client.state.knock = Optional.empty();
                client.state.phase = ClientState.Phase.NEW;
                client.state.initialized = false;
                oracle.expectations.must(client.link, Expectations.Line.error(Optional.of(knock.id()), code));
            });
        }
    }

    /** Whether it is an answer of mpx's own to a waiting call: a cached list, an unsubscribe that others outlive, the end of a drain. */
    boolean unforeseen(SimClient client, Message.Response response, String text) {
        if (isRefusedKnock(client, response, text)) {
            return true;
        }
        Ask ask = client.state.inFlight.get(response.id());
        if (ask == null || !response.idValue().toString().equals(ask.id.toString())) {
            return false;
        }
        int code = response.error().flatMap(e -> e.get("code")).flatMap(JsonValue::integer).orElse(0L).intValue();
        if (mayFailInVain(ask, code) && Expectations.Line.fault(ask.id, code, ask.mayBeSeen()).fits().test(text)) {
            if (code == -32015 && ask.state == Ask.State.WAITING && ask.wasRefused() && !text.contains("\"lent\"")) {
                namesTheHolder(ask, text);
            }
            forget(ask);
            boolean onChild = oracle.child.onChild.get(ask.upstreamId) == ask;
            ask.state = onChild ? Ask.State.ABANDONED : Ask.State.CANCELLED;
            oracle.notifications.lost(ask);
            if (code == -32010) {
                oracle.deadlines.expired();
                oracle.expectations.must(
                        oracle.child.process().orElseThrow(),
                        Expectations.Line.cancelled(Long.toString(ask.upstreamId)));
            }
            ask.batch.ifPresent(batch -> batch.answered(Expectations.Line.exactly(text)));
            return true;
        }
        boolean fits = ask.state == Ask.State.WAITING
                && (response.result().filter(result -> isLocal(ask, result)).isPresent() || isOfAGoneTask(ask, text));
        if (fits) {
            forget(ask);
            ask.state = Ask.State.ANSWERED;
            client.state.overtakenBy.clear();
        }
        return fits;
    }

    private static void namesTheHolder(Ask ask, String text) {
        if (!text.contains("\"held-by-another-writer\"") || !text.contains("pid " + ask.holder())) {
            throw new Violation("does not name the writer " + ask.holder() + ", which keeps it out: " + text);
        }
    }

    /** Those codes that promise that nothing was sent are not for a call that was on a child which died. */
    private boolean mayFailInVain(Ask ask, int code) {
        return code == -32011 && ask.codeInVain(-32015) == code
                ? mayFail(ask, -32015) || mayFail(ask, -32012) || mayFail(ask, -32011)
                : ask.codeInVain(code) == code && mayFail(ask, code);
    }

    /** Whether time, or the end of the daemon, may have ended that call with such an error. */
    private boolean mayFail(Ask ask, int code) {
        boolean onChild = ask.state == Ask.State.ON_CHILD;
        boolean begun = onChild && ask.out.filter(Out::begun).isPresent();
        return switch (code) {
            case -32016 -> oracle.draining;
            case -32010 -> begun && oracle.deadlines.mayExpireOnChild(ask);
            case -32015 -> onChild
                    ? !begun && oracle.deadlines.mayExpireOnChild(ask)
                    : oracle.lending.mayTell(ask)
                            || (ask.wasRefused() ? oracle.deadlines.mayGiveUp(ask) : oracle.deadlines.mayExpireWaiting(ask));
            case -32011 -> begun && oracle.deadlines.mayBeWedged();
            case -32012 -> !begun && oracle.deadlines.mayBeWedged();
            default -> false;
        };
    }

    private boolean isRefusedKnock(SimClient client, Message.Response response, String text) {
        boolean refused = oracle.deadlines.mayBeWedged()
                && client.state.knock
                        .filter(knock -> Expectations.Line.error(Optional.of(knock.id()), -32012).fits().test(text))
                        .isPresent();
        if (refused) {
            client.state.knock = Optional.empty();
            client.state.phase = ClientState.Phase.NEW;
            client.state.initialized = false;
        }
        return refused;
    }

    private boolean isOfAGoneTask(Ask ask, String text) {
        return isAboutOneTask(ask)
                && !oracle.notifications.owns(ask.client, ask.target)
                && Expectations.Line.error(Optional.of(ask.id), -32602).fits().test(text);
    }

    private boolean isLocal(Ask ask, JsonValue result) {
        if (ask.method.equals("resources/unsubscribe")) {
            return result.toString().equals("{}") && oracle.notifications.maybeWanted(ask.target);
        }
        return ask.mayBeAnsweredLocally()
                && !ask.hasCursor
                && pages.getOrDefault(ask.method, List.of()).stream()
                        .anyMatch(page -> page.version() >= oracle.notifications.announced(list(ask))
                                && page.result().equals(result.toString()));
    }

    private static String list(Ask ask) {
        return ask.method.substring(0, ask.method.indexOf('/'));
    }

    /** Whether what the child lists stays true until it says otherwise. */
    private boolean mayBeKept(String list) {
        return stableLists || oracle.child.process().filter(p -> p.announces(list)).isPresent();
    }
}
