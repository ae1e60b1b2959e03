package dev.mpx.proxy.mux.sim;

import dev.mpx.framing.JsonValue;
import dev.mpx.framing.Message;
import dev.mpx.framing.RpcId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What the oracle knows of the child's life: the handshake, what it holds, and what mpx asks of it for itself. */
final class ChildOracle {
    private static final List<String> KNOWN = List.of("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25");

    private final Oracle oracle;
    private final int window;
    private final VirtualTime time;
    private Optional<SimProcess> process = Optional.empty();
    private Optional<RpcId> greeting = Optional.empty();
    private Optional<ChildSaid.Welcome> welcome = Optional.empty();
    private boolean initialized;
    private boolean declaresRoots;
    /** It was ended for a borrower while it was starting: whatever becomes of that one, this is no failure. */
    private boolean endedForLoan;

    /** The calls it was given and has not answered, by their ids there. */
    final Map<Long, Ask> onChild = new LinkedHashMap<>();

    /** Abandoned calls that hold nobody up any more, and when they are forgotten. */
    private final Map<Long, Ghost> ghosts = new LinkedHashMap<>();
    /** Abandoned calls of whose end the child was told, and which are not followed by a ping. */
    private List<Ask> unpinged = new ArrayList<>();
    private List<Ask> pinged = List.of();
    private long ping = -1;
    private long newestId;
    /** What mpx has asked for itself beside pings, and the child has not answered. */
    private final Set<Long> own = new HashSet<>();

    private record Ghost(SimClient client, long until) {}

    ChildOracle(Oracle oracle, int window, VirtualTime time) {
        this.oracle = oracle;
        this.time = time;
        this.window = window;
    }

    void started(SimProcess started) {
        if (process.isPresent()) {
            throw new Violation("two processes at once: " + process.get() + " and " + started);
        }
        process = Optional.of(started);
        greeting = Optional.empty();
        welcome = Optional.empty();
        initialized = false;
        endedForLoan = false;
    }

    /** It is being ended in order. */
    void ended() {
        endedForLoan |= !isWelcome() && oracle.lending.takes();
    }

    boolean isCurrent(SimProcess other) {
        return process.filter(p -> p == other).isPresent();
    }

    Optional<SimProcess> process() {
        return process;
    }

    /** Whether clients can be let in on its word. */
    boolean isWelcome() {
        return welcome.isPresent();
    }

    /** Whether it is there for calls, as far as the multiplexer knows. */
    boolean isReady() {
        return welcome.isPresent() && process.filter(p -> !p.isEnding()).isPresent();
    }

    boolean declaresRoots() {
        return declaresRoots;
    }

    /** Whether it is there for calls and mpx has no reason to think otherwise. */
    boolean isServing() {
        return isReady() && process.filter(SimProcess::isOpen).isPresent();
    }

    boolean hasRoom() {
        return onChild.size() < window;
    }

    /** Those who may have caused what the child asks now. */
    Set<SimClient> callers() {
        ghosts.values().removeIf(ghost -> time.millis() >= ghost.until());
        Set<SimClient> callers = onChild.values().stream().map(ask -> ask.client).collect(Collectors.toSet());
        ghosts.values().forEach(ghost -> callers.add(ghost.client()));
        return callers;
    }

    /** The child is told that a call is taken back. */
    void toldOfCancellation(long upstreamId) {
        Optional.ofNullable(onChild.get(upstreamId)).ifPresent(unpinged::add);
    }

    /** The child has answered something that is no call on it: a ping perhaps, or a call that had been given up. */
    void answeredOther(long id) {
        ghosts.remove(id);
        answeredItself(id);
        if (id == ping) {
            ping = -1;
            oracle.deadlines.pong();
            for (Ask ask : pinged) {
                if (onChild.remove(ask.upstreamId, ask)) {
                    long until = oracle.deadlines.ghostMillis() + time.millis();
                    ghosts.put(ask.upstreamId, new Ghost(ask.client, until));
                    oracle.calls.vacated(ask);
                }
            }
        }
    }

    /** If that is what mpx has asked for itself, it is a sign of life. */
    void answeredItself(long id) {
        if (own.remove(id)) {
            oracle.deadlines.answered();
        }
    }

    long pendingBytes() {
        return process.map(SimProcess::pending).orElse(0L);
    }

    /** An id was given to a request; none may be given twice in the daemon's life. */
    void fresh(Message.Request request) {
        long id = request.id().number().orElseThrow(() -> new Violation("no number: " + request.id()));
        if (id <= newestId) {
            throw new Violation("the id " + id + " is used again");
        }
        newestId = id;
    }

    /** Whether it is something mpx asks for itself, and may. */
    boolean ownRequest(SimProcess to, Message.Request request) {
        if (request.method().equals("initialize")) {
            if (greeting.isPresent()) {
                throw new Violation("a second initialize reaches " + to);
            }
            greeting = Optional.of(request.id());
            declaresRoots = request.params().flatMap(p -> p.at("capabilities", "roots")).isPresent();
            return true;
        }
        if (request.params().flatMap(p -> p.get("who")).isPresent() || !initialized) {
            return false;
        }
        fresh(request);
        if (!request.method().equals("ping")) {
            own.add(request.id().number().orElseThrow());
        }
        Optional<String> uri = request.params().flatMap(p -> p.get("uri")).flatMap(JsonValue::text);
        return switch (request.method()) {
            case "ping" -> pings(request);
            case "resources/subscribe" -> uri.filter(oracle.notifications::maybeWanted).isPresent();
            case "resources/unsubscribe" -> uri.filter(u -> !oracle.notifications.surelyWanted(u)).isPresent();
            case "logging/setLevel" -> request.params()
                    .flatMap(p -> p.get("level"))
                    .flatMap(JsonValue::text)
                    .filter(level -> Levels.ALL.indexOf(level) == oracle.notifications.wantedLevel())
                    .isPresent();
            default -> false;
        };
    }

    private boolean pings(Message.Request request) {
        if (ping >= 0 || unpinged.isEmpty()) {
            return false;
        }
        ping = request.id().number().orElseThrow();
        pinged = unpinged;
        unpinged = new ArrayList<>();
        return true;
    }

    boolean ownNotification(SimProcess to, Message.Notification notification) {
        if (notification.method().equals("notifications/initialized") && isWelcome() && !initialized) {
            initialized = true;
            return true;
        }
        return false;
    }

    /** A call comes in. */
    void holds(SimProcess to, Ask ask) {
        if (!initialized) {
            throw new Violation("given a call before the handshake was done: " + ask);
        }
        onChild.put(ask.upstreamId, ask);
        if (onChild.size() > window) {
            throw new Violation("the child holds " + onChild.size() + " calls, the window is " + window);
        }
    }

    void welcomed(ChildSaid.Welcome said) {
        if (isWelcome() || !greeting.equals(Optional.of(said.id())) || process.filter(p -> !p.isEnding()).isEmpty()) {
            return;
        }
        if (said.well()) {
            welcome = Optional.of(said);
            oracle.lending.childCame();
            oracle.calls.newChild();
            oracle.notifications.newChild();
            oracle.clients.forEach(this::letIn);
        }
    }

    /** A client that waits is answered from the child's own answer. */
    void letIn(SimClient client) {
        if (client.state.knock.isEmpty() || welcome.isEmpty()) {
            return;
        }
        ClientState.Knock knock = client.state.knock.get();
        ChildSaid.Welcome said = welcome.get();
        client.state.knock = Optional.empty();
        client.state.phase = ClientState.Phase.OPEN;
        boolean agreed = KNOWN.contains(knock.revision()) && knock.revision().compareTo(said.revision()) <= 0;
        client.state.revision = agreed ? knock.revision() : said.revision();
        oracle.expectations.must(
                client.link,
                Expectations.Line.exactly(
                        said.head() + knock.id() + said.middle() + '"' + client.state.revision + '"' + said.tail()));
    }

    /** The multiplexer learns that it is gone. */
    void gone() {
        boolean wasWelcome = isWelcome();
        oracle.deadlines.childGone();
        ghosts.clear();
        own.clear();
        unpinged.clear();
        ping = -1;
        process = Optional.empty();
        welcome = Optional.empty();
        if (wasWelcome) {
            oracle.calls.childGone();
            oracle.serverRequests.childGone();
        } else {
            oracle.serverRequests.childGone();
            if (!endedForLoan) {
                failToStart();
            }
        }
    }

    /** The multiplexer learns that it can't be started. */
    void launchFailed() {
        failToStart();
    }

    private void failToStart() {
        if (!oracle.lending.takes()) {
            oracle.lending.childCame();
            oracle.calls.failWaiting(-32012);
        }
    }
}
