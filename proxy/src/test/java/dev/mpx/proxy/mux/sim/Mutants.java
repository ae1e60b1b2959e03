package dev.mpx.proxy.mux.sim;

import dev.mpx.framing.Frame;
import dev.mpx.framing.Line;
import dev.mpx.framing.Message;
import dev.mpx.framing.RpcId;
import dev.mpx.framing.Splicer;
import dev.mpx.proxy.mux.ServerTraits;
import dev.mpx.proxy.mux.Timeouts;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Multiplexers with one bug each, made by tampering with what goes into a sound one and what comes out. */
final class Mutants {
    private Mutants() {}

    /** Correlates wrongly: two answers of the child are taken for each other's. */
    static final class SwapsTwoIds extends Tap {
        private final Set<RpcId> open = new LinkedHashSet<>();
        private final Map<RpcId, RpcId> swapped = new HashMap<>();

        @Override
        void toChild(Frame frame, Consumer<Frame> out) {
            if (Message.read(frame) instanceof Message.Request request) {
                open.add(request.id());
            }
            out.accept(frame);
        }

        @Override
        void fromChild(Line line, Consumer<Line> multiplexer) {
            Line tampered = line;
            if (line instanceof Frame frame
                    && Message.read(frame) instanceof Message.Response response
                    && open.remove(response.id())) {
                RpcId other = swapped.remove(response.id());
                if (other == null && !open.isEmpty() && swapped.isEmpty()) {
                    other = open.iterator().next();
                    swapped.put(other, response.id());
                }
                if (other != null) {
                    tampered = new Splicer(response.frame()).replace(response.idValue(), other.json()).splice();
                }
            }
            multiplexer.accept(tampered);
        }
    }

    /** Answers some requests twice. */
    static final class AnswersTwice extends Tap {
        private int answers;

        @Override
        void toClient(SimClient client, Frame frame, Consumer<Frame> out) {
            out.accept(frame);
            if (Message.read(frame) instanceof Message.Response && ++answers % 7 == 0) {
                out.accept(frame);
            }
        }
    }

    /** Passes on the late answer to a call that its client has cancelled. */
    static final class LeaksACancelledAnswer extends Tap {
        private record Asked(SimClient client, RpcId id) {}

        private final Map<String, Asked> asked = new HashMap<>();
        private final Map<RpcId, Asked> onChild = new HashMap<>();
        private final Set<Asked> cancelled = new LinkedHashSet<>();

        private static Optional<String> who(Message.Request request) {
            return request.params().flatMap(p -> p.get("who")).flatMap(dev.mpx.framing.JsonValue::text);
        }

        @Override
        void fromClient(SimClient client, Line line, Consumer<Line> multiplexer) {
            if (line instanceof Frame frame) {
                Message message = Message.read(frame);
                if (message instanceof Message.Request request) {
                    who(request).ifPresent(who -> asked.put(who, new Asked(client, request.id())));
                } else if (message instanceof Message.Notification n && n.method().endsWith("/cancelled")) {
                    n.params().flatMap(p -> p.get("requestId")).flatMap(RpcId::of)
                            .ifPresent(id -> cancelled.add(new Asked(client, id)));
                }
            }
            multiplexer.accept(line);
        }

        @Override
        void toChild(Frame frame, Consumer<Frame> out) {
            if (Message.read(frame) instanceof Message.Request request) {
                who(request).map(asked::get).ifPresent(call -> onChild.put(request.id(), call));
            }
            out.accept(frame);
        }

        @Override
        void fromChild(Line line, Consumer<Line> multiplexer) {
            multiplexer.accept(line);
            if (line instanceof Frame frame && Message.read(frame) instanceof Message.Response response) {
                Optional.ofNullable(onChild.remove(response.id())).filter(cancelled::contains).ifPresent(call ->
                        call.client().link.send(new Splicer(response.frame())
                                .replace(response.idValue(), call.id().json())
                                .splice()));
            }
        }
    }

    /** Forgets to answer some requests. */
    static final class LosesAnAnswer extends Tap {
        private int answers;

        @Override
        void toClient(SimClient client, Frame frame, Consumer<Frame> out) {
            if (!(Message.read(frame) instanceof Message.Response) || ++answers % 7 != 0) {
                out.accept(frame);
            }
        }
    }

    /** Sends what is meant for one client to all: progress, questions, updates, whatever the method begins with. */
    static final class Broadcasts extends Tap {
        private final String methods;
        private final List<SimClient> clients = new ArrayList<>();
        private boolean repeating;

        Broadcasts(String methods) {
            this.methods = methods;
        }

        @Override
        void fromClient(SimClient client, Line line, Consumer<Line> multiplexer) {
            if (!clients.contains(client)) {
                clients.add(client);
            }
            multiplexer.accept(line);
        }

        @Override
        void toClient(SimClient client, Frame frame, Consumer<Frame> out) {
            out.accept(frame);
            if (!repeating && method(frame).startsWith(methods)) {
                repeating = true;
                clients.stream().filter(c -> c != client).forEach(c -> c.link.send(frame));
                repeating = false;
            }
        }
    }

    /** Never passes on to the child what clients answer it. */
    static final class LosesClientsAnswers extends Tap {
        @Override
        void toChild(Frame frame, Consumer<Frame> out) {
            if (!(Message.read(frame) instanceof Message.Response)) {
                out.accept(frame);
            }
        }
    }

    /** Sends some calls to the child twice. */
    static final class AsksTwice extends Tap {
        private int calls;

        @Override
        void toChild(Frame frame, Consumer<Frame> out) {
            out.accept(frame);
            if (method(frame).equals("tools/call") && ++calls % 7 == 0) {
                out.accept(frame);
            }
        }
    }

    /** Has other deadlines than it should. */
    static final class GoesByOtherTimes extends Tap {
        private final UnaryOperator<Timeouts> wrong;

        GoesByOtherTimes(UnaryOperator<Timeouts> wrong) {
            this.wrong = wrong;
        }

        @Override
        Timeouts timeouts(Timeouts right) {
            return wrong.apply(right);
        }

        /** Never holds a child for stalled. */
        static Timeouts withoutGrace(Timeouts t) {
            return new Timeouts(t.request(), t.max(), t.total(), t.initialize(), Duration.ZERO, t.methods(), t.tools());
        }

        /** Kills a child that has had no time to answer. */
        static Timeouts withHardlyAnyGrace(Timeouts t) {
            return new Timeouts(
                    t.request(), t.max(), t.total(), t.initialize(), Duration.ofMillis(1), t.methods(), t.tools());
        }

        /** Lets calls be on the child for ever. */
        static Timeouts withoutDeadline(Timeouts t) {
            return new Timeouts(
                    Duration.ZERO, Duration.ZERO, t.total(), t.initialize(), t.grace(), Map.of(), Map.of());
        }

        /** Lets calls wait for ever while the child is not ready. */
        static Timeouts withoutTotal(Timeouts t) {
            return new Timeouts(
                    t.request(), t.max(), Duration.ofDays(1), t.initialize(), t.grace(), t.methods(), t.tools());
        }

        /** Gives up too early. */
        static Timeouts halved(Timeouts t) {
            return new Timeouts(
                    t.request().dividedBy(2), t.max(), t.total(), t.initialize(), t.grace(), Map.of(), Map.of());
        }
    }

    /** Takes writes for reads, so that one which died with the child is written to the next. */
    static final class ReplaysWrites extends Tap {
        @Override
        ServerTraits traits(ServerTraits right) {
            return new ServerTraits(
                    right.name(),
                    right.window(),
                    right.declaredCapabilities(),
                    right.stableLists(),
                    Set.of(SimClient.READS, SimClient.WRITES),
                    right.heldAnswers());
        }
    }

    /** Takes reads for writes, so that what only looks like a refused write is kept from its client. */
    static final class HoldsReads extends Tap {
        @Override
        ServerTraits traits(ServerTraits right) {
            return new ServerTraits(
                    right.name(),
                    right.window(),
                    right.declaredCapabilities(),
                    right.stableLists(),
                    Set.of(),
                    right.heldAnswers());
        }
    }

    /** Does not know what a refused write looks like, and takes the quietly lost write for an answer. */
    static final class LosesRefusedWrites extends Tap {
        @Override
        ServerTraits traits(ServerTraits right) {
            return new ServerTraits(
                    right.name(),
                    right.window(),
                    right.declaredCapabilities(),
                    right.stableLists(),
                    right.reads(),
                    List.of());
        }
    }

    /** Keeps a refused write to ask again, and passes the refusal on all the same: one call, two answers. */
    static final class TellsOfARefusalAndAsksAgain extends Tap {
        private record Asked(SimClient client, RpcId id) {}

        private final Map<String, Asked> asked = new HashMap<>();
        private final Map<RpcId, Asked> onChild = new HashMap<>();

        @Override
        void fromClient(SimClient client, Line line, Consumer<Line> multiplexer) {
            if (line instanceof Frame frame && Message.read(frame) instanceof Message.Request request) {
                LeaksACancelledAnswer.who(request).ifPresent(who -> asked.put(who, new Asked(client, request.id())));
            }
            multiplexer.accept(line);
        }

        @Override
        void toChild(Frame frame, Consumer<Frame> out) {
            if (Message.read(frame) instanceof Message.Request request) {
                LeaksACancelledAnswer.who(request).map(asked::get).ifPresent(call -> onChild.put(request.id(), call));
            }
            out.accept(frame);
        }

        @Override
        void fromChild(Line line, Consumer<Line> multiplexer) {
            if (isRefusal(line) && Message.read((Frame) line) instanceof Message.Response response) {
                Optional.ofNullable(onChild.remove(response.id())).ifPresent(call -> call.client().link.send(
                        new Splicer(response.frame()).replace(response.idValue(), call.id().json()).splice()));
            }
            multiplexer.accept(line);
        }
    }

    /** Asks a refused write again at once, and so for as long as the other writer stays. */
    static final class AsksARefusedWriteAtOnce extends Tap {
        private final Map<RpcId, Frame> onChild = new HashMap<>();
        private Optional<Consumer<Frame>> child = Optional.empty();
        private long made;

        @Override
        void toChild(Frame frame, Consumer<Frame> out) {
            child = Optional.of(out);
            if (Message.read(frame) instanceof Message.Request request && method(frame).equals("tools/call")) {
                onChild.put(request.id(), frame);
            }
            out.accept(frame);
        }

        @Override
        void fromChild(Line line, Consumer<Line> multiplexer) {
            Optional<Frame> refused = isRefusal(line) && Message.read((Frame) line) instanceof Message.Response response
                    ? Optional.ofNullable(onChild.remove(response.id()))
                    : Optional.empty();
            if (refused.isPresent() && Message.read(refused.get()) instanceof Message.Request request) {
                byte[] another = Long.toString(1_000_000 + ++made).getBytes(StandardCharsets.UTF_8);
                child.orElseThrow().accept(new Splicer(refused.get()).replace(request.idValue(), another).splice());
            } else {
                multiplexer.accept(line);
            }
        }
    }

    private static boolean isRefusal(Line line) {
        return line instanceof Frame frame && frame.toString().contains("is held by PID");
    }

    /** Does not wait for the old child's end before it starts the next. */
    static final class StartsTooSoon extends Tap {
        @Override
        boolean takesEndingForDead() {
            return true;
        }
    }

    /** Says that nothing was sent of a call whose outcome is not known. */
    static final class LiesAboutTheOutcome extends Tap {
        @Override
        void toClient(SimClient client, Frame frame, Consumer<Frame> out) {
            out.accept(Frame.of(frame.toString()
                    .replace("\"reason\":\"timeout\",\"outcome\":\"unknown\"", "\"reason\":\"timeout\",\"outcome\":\"not-sent\"")));
        }
    }

    private static String method(Frame frame) {
        Message message = Message.read(frame);
        return message instanceof Message.Request request
                ? request.method()
                : message instanceof Message.Notification notification ? notification.method() : "";
    }
}
