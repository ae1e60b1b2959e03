package dev.mpx.proxy.mux.sim;

import dev.mpx.framing.Frame;
import dev.mpx.framing.JsonValue;
import dev.mpx.framing.Message;
import dev.mpx.framing.RpcId;
import dev.mpx.proxy.mux.Limits;
import dev.mpx.proxy.mux.ServerTraits;
import dev.mpx.proxy.mux.Timeouts;
import dev.mpx.transports.ByteBudget;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Hears of every line in the moment the multiplexer reads it, predicts from PROTOCOL.md what must come of it in the
 * same step, and refuses every line that comes out and was not predicted.
 */
final class Oracle {
    final Expectations expectations = new Expectations();
    final List<SimClient> clients = new ArrayList<>();
    final Limits limits;
    final ByteBudget budget;
    final CallOracle calls;
    final ServerRequestOracle serverRequests;
    final NotificationOracle notifications;
    final ChildOracle child;
    final DeadlineOracle deadlines;
    final LendingOracle lending;
    boolean draining;
    /** Kinds of things that only show in what is predicted. */
    final Set<String> seen = new TreeSet<>();

    Oracle(
            Limits limits,
            ByteBudget budget,
            ServerTraits traits,
            Timeouts timeouts,
            VirtualTime time) {
        this.limits = limits;
        this.budget = budget;
        child = new ChildOracle(this, traits.window(), time);
        deadlines = new DeadlineOracle(this, timeouts, time::stamp);
        lending = new LendingOracle(this, time::stamp);
        calls = new CallOracle(this, traits);
        serverRequests = new ServerRequestOracle(this);
        notifications = new NotificationOracle(this);
    }

    List<SimClient> listening() {
        return clients.stream().filter(c -> c.state.listens()).toList();
    }

    // ---- clients

    void clientSaid(SimClient client, ClientSaid said, Optional<OpenBatch> batch) {
        if (said instanceof ClientSaid.Request request) {
            calls.asked(client, request.ask(), batch);
        } else if (said instanceof ClientSaid.Cancel cancel) {
            calls.cancelled(client, cancel);
        } else if (said instanceof ClientSaid.Initialized) {
            client.state.initialized |= client.state.phase != ClientState.Phase.NEW;
        } else if (said instanceof ClientSaid.Answer answer) {
            serverRequests.answered(client, answer);
        } else if (said instanceof ClientSaid.Garbage garbage) {
            Expectations.Line error = Expectations.Line.error(
                    garbage.response() ? Optional.empty() : garbage.id(), garbage.code());
            garbage.id().filter(id -> garbage.response()).ifPresent(id -> serverRequests.unreadable(client, id));
            answer(client, batch, error);
        } else if (said instanceof ClientSaid.TooLong tooLong) {
            if (tooLong.hasMethod() || tooLong.id().isEmpty()) {
                answer(client, Optional.empty(), Expectations.Line.error(tooLong.id(), -32014));
            } else {
                serverRequests.unreadable(client, tooLong.id().get());
            }
        } else if (said instanceof ClientSaid.Batch all) {
            batch(client, all);
        } else {
            notifications.fromClient(client, said);
        }
    }

    private void batch(SimClient client, ClientSaid.Batch all) {
        if (client.state.phase != ClientState.Phase.OPEN || !client.state.revision.equals("2025-03-26")) {
            answer(client, Optional.empty(), Expectations.Line.error(Optional.empty(), -32600));
            return;
        }
        OpenBatch batch = new OpenBatch(client, expectations);
        for (ClientSaid said : all.all()) {
            if (said instanceof ClientSaid.Request || said instanceof ClientSaid.Garbage) {
                batch.slot();
                clientSaid(client, said, Optional.of(batch));
            } else {
                clientSaid(client, said, Optional.empty());
            }
        }
        batch.settled();
    }

    void answer(SimClient client, Optional<OpenBatch> batch, Expectations.Line line) {
        if (batch.isPresent()) {
            batch.get().answered(line);
        } else {
            expectations.must(client.link, line);
        }
    }

    /** The multiplexer learns that the client is gone. */
    void clientLeft(SimClient client) {
        client.state.gone = true;
        client.state.knock = Optional.empty();
        calls.left(client);
        serverRequests.left(client);
        notifications.left(client);
    }

    /** A frame for a client. */
    void toClient(SimClient client, Out out) {
        String text = out.frame.toString();
        Message message = Message.read(out.frame);
        boolean known = message instanceof Message.Request request
                ? serverRequests.put(client, request, text)
                : expectations.take(client.link, text)
                        || message instanceof Message.Response response && calls.unforeseen(client, response, text)
                        || message instanceof Message.Notification && serverRequests.withdrawn(client, text)
                        || message instanceof Message.Batch batch && unforeseen(client, batch, text);
        // what is sent to a link that is closed goes nowhere
        if (!known && client.link.carries()) {
            throw new Violation("sent to " + client + " though nothing calls for it: " + text);
        }
    }

    /** Whether an array is due once what could not be foreseen in it is known. */
    private boolean unforeseen(SimClient client, Message.Batch batch, String text) {
        for (Frame element : batch.elements()) {
            if (Message.read(element) instanceof Message.Response response) {
                calls.unforeseen(client, response, element.toString());
            }
        }
        return expectations.take(client.link, text);
    }

    // ---- the child

    void childSaid(ChildSaid said) {
        if (said instanceof ChildSaid.Batch all) {
            all.all().forEach(this::childSaid);
        } else if (said instanceof ChildSaid.Welcome welcome) {
            child.welcomed(welcome);
        } else if (said instanceof ChildSaid.Answer answer) {
            calls.answered(answer);
        } else if (said instanceof ChildSaid.Held held) {
            calls.held(held);
        } else if (said instanceof ChildSaid.TooLong tooLong) {
            calls.answeredTooLong(tooLong.upstreamId());
        } else if (said instanceof ChildSaid.Request request) {
            serverRequests.asked(request);
        } else if (said instanceof ChildSaid.Cancel cancel) {
            serverRequests.cancelled(cancel);
        } else {
            notifications.fromChild(said);
        }
    }

    /** A frame for the child. */
    void toChild(SimProcess process, Out out) {
        String text = out.frame.toString();
        Message message = Message.read(out.frame);
        if (expectations.take(process, text)) {
            if (message instanceof Message.Notification told && told.method().equals("notifications/cancelled")) {
                told.params().flatMap(p -> p.get("requestId")).flatMap(JsonValue::integer).ifPresent(child::toldOfCancellation);
            }
            return;
        }
        boolean known = message instanceof Message.Request request
                ? child.ownRequest(process, request) || calls.handedOver(process, request, out, text)
                : message instanceof Message.Notification notification && child.ownNotification(process, notification);
        if (!known) {
            throw new Violation("sent to " + process + " though nothing calls for it: " + text);
        }
    }

    /** The multiplexer is told to drain. */
    void draining() {
        draining = true;
        calls.failWaiting(-32016);
    }

    // ---- after every step

    void check() {
        deadlines.check();
        expectations.unmet().ifPresent(what -> {
            throw new Violation(what);
        });
        long held = clients.stream().mapToLong(c -> c.link.pending()).sum() + child.pendingBytes();
        for (SimClient client : clients) {
            long waiting = 0;
            for (Ask ask : client.state.inFlight.values()) {
                held += ask.length();
                // what a dead child gave back was read when there was room for it
                waiting += ask.state == Ask.State.WAITING && ask.out.isEmpty() ? ask.length() : 0;
            }
            if (waiting > limits.queuedBytes() + client.longestLine()) {
                throw new Violation(client + " has " + waiting + " bytes queued");
            }
            if (client.state.inFlight.size() > limits.queuedCalls()) {
                throw new Violation(client + " has " + client.state.inFlight.size() + " calls");
            }
        }
        if (held != budget.held()) {
            throw new Violation("the budget says " + budget.held() + " bytes are held, but it is " + held);
        }
    }

    /** Nothing is going on any more: whoever asked and is still here must have been answered. */
    void checkQuiet() {
        checkAnswered();
        if (!child.onChild.isEmpty()) {
            throw new Violation("still on the child: " + child.onChild.values());
        }
        serverRequests.checkQuiet();
        notifications.checkQuiet();
    }

    /** Whatever the child does: whoever asked and is still here must have been answered. */
    void checkAnswered() {
        for (SimClient client : clients) {
            if (!client.state.gone && !client.state.inFlight.isEmpty()) {
                throw new Violation("never answered: " + client.state.inFlight.values());
            }
            if (!client.state.gone && client.state.knock.isPresent()) {
                throw new Violation("never let in: " + client);
            }
        }
    }

    static Optional<JsonValue> json(String text) {
        return JsonValue.parse(Frame.of(text).toBytes());
    }

    static String quoted(String text) {
        return RpcId.of(text).toString();
    }
}
