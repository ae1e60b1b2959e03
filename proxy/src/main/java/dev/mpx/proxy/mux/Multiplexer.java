package dev.mpx.proxy.mux;

import dev.mpx.framing.Line;
import dev.mpx.framing.Message;
import dev.mpx.framing.OversizedLine;
import dev.mpx.transports.ByteBudget;
import dev.mpx.transports.Closed;
import dev.mpx.transports.Link;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Many client sessions on one child: the room's front door. It wires the parts, brings sessions in and sees them out,
 * and passes on what becomes of the child.
 *
 * <p>Every method is called on the scheduler it was made with, and links given to it belong to that scheduler too.
 */
public final class Multiplexer {
    private static final Logger LOG = LoggerFactory.getLogger(Multiplexer.class);

    private final Limits limits;
    private final Scheduler scheduler;
    private final ByteBudget budget;
    private final ServerTraits traits;
    private final String statusCommand;
    private final String startHelp;
    private final Counters counters = new Counters();
    private final ToolLatencies latencies = new ToolLatencies();
    private final Sessions sessions = new Sessions();
    private final Map<Session, Intake> intakes = new HashMap<>();
    private final Child child;
    private final Calls calls;
    private final Upstream upstream;
    private final ProgressTokens tokens;
    private final Recycling recycling;
    private final KnownReads reads;
    private final ColdStart coldStart;
    private final ServerRequests serverRequests;
    private final Subscriptions subscriptions;
    private final LogLevels logLevels;
    private final ListCache lists;
    private final ToolLists toolLists;
    private final LongPolls polls;
    private final ServerTasks serverTasks;
    private final ClientTasks clientTasks;
    private final Elicitations elicitations;
    private final Welcome welcome;
    private final ClientRequests clientRequests;
    private final ClientMessages clientMessages;
    private final ChildMessages childMessages;
    private final Disposable.Swap relief = Disposables.swap();
    private final Departure departure;
    private final Lending lending;
    private Runnable onSessionsChanged = () -> {};

    public Multiplexer(Policy policy, Surroundings surroundings) {
        traits = policy.traits();
        statusCommand = policy.statusCommand();
        startHelp = policy.startHelp();
        limits = policy.limits();
        scheduler = surroundings.scheduler();
        budget = surroundings.budget();
        String nonce = HexFormat.of().toHexDigits(surroundings.random().nextLong());
        PatientClock clock = new PatientClock(scheduler);
        tokens = new ProgressTokens(limits.remembered());
        Greeting greeting = new Greeting(policy.version(), traits.declaredCapabilities());
        reads = new KnownReads(traits.reads());
        child = new Child(greeting, policy, clock, surroundings, counters, new ChildWatch());
        Succession succession = new Succession(child::handshake);
        Settlements settlements = new Settlements(latencies.and(new CallLog()).and(surroundings.observer()), scheduler);
        calls = new Calls(child, policy, clock, surroundings, counters, tokens, reads, succession, sessions, settlements);
        upstream = new Upstream(child, calls.own(), traits);
        serverRequests = new ServerRequests(nonce, limits.serverRequests(), child::send, counters);
        subscriptions = new Subscriptions(limits.remembered(), upstream::unsubscribe);
        logLevels = new LogLevels(sessions, upstream::logs, upstream::setLevel);
        toolLists = new ToolLists(traits);
        polls = new LongPolls(traits.polls());
        lists = new ListCache(toolLists, upstream::announcesChanges, child::ready);
        coldStart = new ColdStart(surroundings.profiles(), greeting, calls.own(), lists, reads, sessions);
        serverTasks = new ServerTasks(limits.remembered(), tokens);
        recycling = new Recycling(policy.recycle(), child, calls, serverTasks, surroundings.memory(), scheduler);
        clientTasks = new ClientTasks(nonce, limits.remembered());
        elicitations = new Elicitations(limits.remembered());
        welcome = new Welcome(child, coldStart, sessions, logLevels::settle);
        clientRequests =
                new ClientRequests(rules(), calls, welcome, surroundings.control(), succession, settlements);
        ClientNotifications clientNotifications =
                new ClientNotifications(calls, child, serverRequests, clientTasks, counters);
        clientMessages = new ClientMessages(clientRequests, clientNotifications, serverRequests, counters);
        ChildRequests childRequests = new ChildRequests(
                sessions, calls, serverRequests, serverTasks, clientTasks, elicitations, child::send);
        ChildNotifications childNotifications = new ChildNotifications(
                sessions, calls, tokens, serverRequests, subscriptions, lists, serverTasks, elicitations, counters);
        childMessages = new ChildMessages(calls, childRequests, childNotifications, counters);
        departure = new Departure(calls, child, welcome, clientRequests, sessions, scheduler);
        lending = new Lending(child, calls, clock, surroundings, statusCommand, this::onGivenBack);
        calls.listen(new CallWatch());
    }

    private Map<String, RequestRule> rules() {
        Map<String, RequestRule> rules = new HashMap<>();
        rules.put(Methods.SET_LEVEL, logLevels);
        rules.put(Methods.SUBSCRIBE, subscriptions.subscribing());
        rules.put(Methods.UNSUBSCRIBE, subscriptions.unsubscribing());
        for (String list : List.of(
                Methods.TOOLS_LIST, Methods.PROMPTS_LIST, Methods.RESOURCES_LIST, Methods.TEMPLATES_LIST)) {
            rules.put(list, lists);
        }
        for (String method : List.of(Methods.TASKS_GET, Methods.TASKS_RESULT, Methods.TASKS_CANCEL)) {
            rules.put(method, serverTasks.ofOne());
        }
        rules.put(Methods.TOOLS_CALL, polls);
        rules.put(Methods.TASKS_LIST, serverTasks.ofAll());
        return Map.copyOf(rules);
    }

    // ---- sessions come and go

    /** A client has connected. */
    public void accept(Link link) {
        Session session = new Session(sessions.nextNumber(), link, now(), counters);
        Intake intake = new Intake(
                line -> onLine(session, line), () -> mayReadOn(session), () -> onEnded(session));
        sessions.add(session);
        intakes.put(session, intake);
        link.closed().subscribe(closed -> onLeft(session, closed), error -> LOG.error("a client's link", error));
        link.lines().subscribe(intake);
        onSessionsChanged.run();
        if (departure.isClosing()) {
            link.close();
        }
    }

    private void onLine(Session session, Line line) {
        counters.count(Counter.BYTES_FROM_CLIENTS, line);
        clientMessages.onLine(session, line);
    }

    private boolean mayReadOn(Session session) {
        return session.queuedBytes < limits.freelyQueuedBytes()
                || session.queuedBytes < limits.queuedBytes() && !budget.spent();
    }

    /** The client will say nothing more, but may still be reading: it gets what can be answered in its patience. */
    private void onEnded(Session session) {
        if (session.presence == Session.Presence.HERE && !departure.isClosing()) {
            session.presence = Session.Presence.LEAVING;
            session.linger.update(scheduler.schedule(
                    session.link::close, limits.linger().toMillis(), TimeUnit.MILLISECONDS));
            closeIfAnswered(session);
        }
    }

    private static void closeIfAnswered(Session session) {
        if (session.presence == Session.Presence.LEAVING && session.calls.isEmpty() && session.knock.isEmpty()) {
            session.link.close();
        }
    }

    private void onLeft(Session session, Closed closed) {
        // one that asked for the status and nothing else is not worth a line, however often it comes
        LOG.atLevel(session.phase == Session.Phase.NEW ? Level.DEBUG : Level.INFO)
                .log("session {} has left ({}): {}", session.number, session.agent(), closed);
        if (closed.cause() == Closed.Cause.SLOW) {
            counters.count(Counter.SESSIONS_SLOW);
        }
        session.presence = Session.Presence.GONE;
        session.knock = Optional.empty();
        session.linger.dispose();
        sessions.remove(session);
        intakes.remove(session).dispose();
        calls.abandonAll(session);
        serverRequests.onLeft(session);
        subscriptions.onLeft(session);
        serverTasks.onLeft(session);
        clientTasks.onLeft(session);
        elicitations.onLeft(session);
        logLevels.settle();
        onSessionsChanged.run();
    }

    /** Called after a session came or left. */
    public void onSessionsChanged(Runnable listener) {
        onSessionsChanged = listener;
    }

    public int sessionCount() {
        return sessions.size();
    }

    // ---- calls

    private final class CallWatch implements Calls.Listener {
        @Override
        public void onAnswer(Call call, Message.Response response) {
            recycling.onAnswer();
            serverTasks.onResponse(call, response);
            if (call.method.equals(Methods.TOOLS_LIST)) {
                reads.onTools(response);
            }
            if (call.state != Call.State.ABANDONED) {
                elicitations.onResponse(call.session, response);
            }
        }

        @Override
        public void onSettled(Session session) {
            Intake intake = intakes.get(session);
            if (intake != null) {
                intake.resume();
            }
            closeIfAnswered(session);
            departure.onSettled();
            lending.goOn();
        }

        @Override
        public void onTurnsGiven() {
            lending.goOn();
        }

        @Override
        public void onStalled() {
            child.kill();
        }
    }

    // ---- the child

    private final class ChildWatch implements Child.Listener {
        @Override
        public void onReady(Handshake handshake) {
            LOG.info("{} {} is ready, revision {}", handshake.serverName(), handshake.serverVersion(), handshake.revision());
            lists.clear();
            logLevels.onNewChild();
            for (String uri : subscriptions.onNewChild()) {
                upstream.subscribe(uri);
            }
            lending.onNotLent();
            recycling.onReady();
            coldStart.onReady(handshake, child::onFirstLists);
            welcome.onReady(handshake);
            calls.pump();
        }

        @Override
        public boolean mayGoOnWithoutFirstLists() {
            boolean alive = calls.goOnWithoutFirstLists();
            if (alive) {
                coldStart.goOnWithoutFirstLists();
            }
            return alive;
        }

        @Override
        public void onMessage(Message message) {
            childMessages.onMessage(message);
        }

        @Override
        public void onTooLong(OversizedLine line) {
            childMessages.onTooLong(line);
        }

        @Override
        public boolean isIdle() {
            return calls.open().isIdle();
        }

        @Override
        public boolean mayReadOn() {
            boolean clientsAreBehind = budget.spent() && sessions.outgoing() > budget.limit() / 2;
            if (clientsAreBehind) {
                relief.update(scheduler.schedule(child::resume, Calls.RELIEF.toMillis(), TimeUnit.MILLISECONDS));
            }
            return !clientsAreBehind;
        }

        @Override
        public void onGone(Optional<Fault.ChildState> who, List<String> lastWords) {
            recycling.onGone();
            calls.onChildGone(who, lastWords);
            serverRequests.onChildGone();
            serverTasks.clear();
            clientTasks.clear();
            elicitations.clear();
            if (departure.hasBegun()) {
                departure.failWaiting();
            } else if (calls.open().queued() > 0) {
                child.need();
            }
            lending.goOn();
        }

        @Override
        public void onWedged(String cause, List<String> lastWords) {
            calls.failures().failSent(
                    CallFaults.childWedged(lastWords), CallFaults.childUnavailable(cause, statusCommand, startHelp, lastWords));
            onUnavailable(cause, lastWords);
        }

        @Override
        public void onLent() {
            // one that was ended in the middle of its handshake may have asked clients something already
            serverRequests.onChildGone();
            lending.onLent();
        }

        @Override
        public void onLoanWithdrawn() {
            serverRequests.onChildGone();
            onGivenBack();
        }

        @Override
        public void onFoundLent(String who) {
            lending.onFoundLent(who);
        }

        @Override
        public void onUnavailable(String cause, List<String> lastWords) {
            lending.onNotLent();
            // one that died in the middle of its handshake may have asked clients something already
            serverRequests.onChildGone();
            CallFaults.Cause unavailable = CallFaults.childUnavailable(cause, statusCommand, startHelp, lastWords);
            calls.failures().failWaiting(unavailable);
            welcome.onUnavailable(Fault.childUnavailable(unavailable.message(), lastWords));
            // whoever waited for a borrower of another daemon's waits no longer
            lending.goOn();
        }
    }

    /** For those who want the child's data for a while. */
    public Lending lending() {
        return lending;
    }

    /** A borrower was sent away, as too many wait. */
    public void onJobRefused() {
        counters.count(Counter.JOBS_REFUSED);
    }

    private void onGivenBack() {
        if (!departure.hasBegun() && (calls.open().queued() > 0 || sessions.areUsed() || lending.isHeldUp())) {
            child.need();
        }
    }

    /** Starts the child before anybody asks for it, if what it is told does not depend on who asks. */
    public void prewarm() {
        if (traits.declaredCapabilities().isPresent()) {
            child.need();
        }
    }

    /**
     * Somebody may have the data already, such as a borrower of an earlier daemon: nobody's turn comes before a start of the child has
     * told. To be called before anybody is accepted.
     */
    public void suspectBorrower() {
        lending.suspect();
        child.need();
    }

    /**
     * Stops serving: new and waiting requests are refused, those on the child may finish within the time given, then
     * every session is closed and the child is ended. Completes when no process is left.
     */
    public Mono<Void> drain(Duration patience) {
        return departure.begin(patience);
    }

    /**
     * How much is kept for calls and sessions, by what it is: all zero when everybody has left and the child has
     * answered everything.
     */
    Map<String, Integer> residue() {
        return Map.of(
                "sessions", sessions.size(),
                "intakes", intakes.size(),
                "queued calls", calls.open().queued(),
                "debts of the child", calls.open().owed(),
                "progress tokens", tokens.size(),
                "server requests", serverRequests.size(),
                "subscriptions", subscriptions.size(),
                "lists asked for", lists.size(),
                "server tasks", serverTasks.size(),
                "client tasks and elicitations", clientTasks.size() + elicitations.size());
    }

    /** What is going on, for {@code mpx status}. */
    public Snapshot snapshot() {
        return Snapshot.of(now(), traits, sessions, calls, child, counters, budget, Snapshot.Adapted.of(traits, toolLists, polls),
                latencies.latencies());
    }

    /** How often each tool was called and how long that took, since the daemon's start. */
    public List<CallFigures> callFigures() {
        return latencies.figures();
    }

    private long now() {
        return scheduler.now(TimeUnit.MILLISECONDS);
    }
}
