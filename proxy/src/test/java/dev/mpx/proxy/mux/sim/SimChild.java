package dev.mpx.proxy.mux.sim;

import dev.mpx.framing.Frame;
import dev.mpx.framing.JsonValue;
import dev.mpx.framing.Line;
import dev.mpx.framing.Message;
import dev.mpx.framing.OversizedLine;
import dev.mpx.framing.RpcId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** What a simulated server does: answers late, twice and out of order, asks clients back, tells what nobody asked for, and dies. */
final class SimChild {
    private static final List<String> LISTS = List.of("tools", "prompts", "resources");
    private static final List<String> STATES = List.of("working", "input_required", "completed", "failed", "cancelled");

    private final SimProcess process;
    private final World world;
    private final Plan plan;
    private final RandomGenerator random;

    private final Set<String> capabilities = new LinkedHashSet<>();
    private final Set<String> announces = new LinkedHashSet<>();
    private final Map<String, Integer> versions = new LinkedHashMap<>();
    private final Set<String> subscriptions = new LinkedHashSet<>();
    private Optional<Integer> level = Optional.empty();

    private final Set<Long> held = new LinkedHashSet<>();
    private final List<Long> pings = new ArrayList<>();
    private final List<Long> answered = new ArrayList<>();
    private final List<Long> progressTokens = new ArrayList<>();
    private final List<String> tasks = new ArrayList<>();
    private final List<String> hostedTasks = new ArrayList<>();
    private final List<String> elicitations = new ArrayList<>();
    private final Set<RpcId> asked = new LinkedHashSet<>();
    private final List<Parcel<ChildSaid>> unsaid = new ArrayList<>();
    private final boolean pingsInTurn;
    private final boolean heedsCancellations;
    /** It is stopped: it reads nothing and says nothing. */
    private boolean stopped;
    /** It reads, and answers nothing. */
    private boolean mute;
    private boolean greeted;
    private long made;

    SimChild(SimProcess process, World world) {
        this.process = process;
        this.world = world;
        this.plan = world.plan;
        this.random = world.random;
        pingsInTurn = !plan.faults().present() || random.nextBoolean();
        heedsCancellations = plan.faults().present() && random.nextBoolean();
        capabilities.add("logging");
        LISTS.forEach(list -> {
            versions.put(list, 1);
            if (random.nextInt(3) > 0) {
                announces.add(list);
            }
        });
    }

    Set<String> subscriptions() {
        return subscriptions;
    }

    Optional<Integer> level() {
        return level;
    }

    boolean announces(String list) {
        return announces.contains(list);
    }

    /** A well-behaved one ends with its input; others wait for a signal, or ignore the first. */
    long exitDelay(Duration untilTerm, Duration untilKill) {
        if (random.nextInt(100) < plan.faults().slowEnds()) {
            stop();
            return random.nextBoolean() ? 2_000 + random.nextInt(20_000) : 30_000 + random.nextInt(120_000);
        }
        if (stopped) {
            return untilTerm.plus(untilKill).toMillis();
        }
        return switch (random.nextInt(4)) {
            case 0 -> untilTerm.toMillis();
            case 1 -> untilTerm.plus(untilKill).toMillis();
            default -> random.nextLong(untilTerm.toMillis() / 4 + 2);
        };
    }

    // ---- what it is sent

    void onFrame(Frame frame) {
        Message message = Message.read(frame);
        if (message instanceof Message.Request request) {
            if (request.method().equals("ping")) {
                pings.add(request.id().number().orElseThrow());
                answerPings();
            } else if (request.method().equals("initialize")) {
                boolean slow = random.nextInt(100) < plan.faults().slowStarts();
                int wait = slow ? 500 + random.nextInt(2500) : random.nextInt(plan.longestAnswerMillis() * 2);
                world.after(wait, () -> welcome(request.id()));
            } else {
                onCall(request);
            }
        } else if (message instanceof Message.Notification told && told.method().equals("notifications/cancelled")) {
            if (heedsCancellations) {
                told.params().flatMap(p -> p.get("requestId")).flatMap(JsonValue::integer).ifPresent(held::remove);
                answerPings();
            }
        } else if (message instanceof Message.Response response) {
            if (!asked.remove(response.id())) {
                throw new Violation("the child never asked what this answers, or was answered before: " + frame);
            }
            text(response.result().flatMap(r -> r.at("task", "taskId"))).ifPresent(hostedTasks::add);
        }
    }

    private void welcome(RpcId id) {
        int luck = plan.failedStarts() == 0 ? 100 : random.nextInt(100);
        if (luck < plan.failedStarts() / 3) {
            return;
        }
        boolean well = luck >= plan.failedStarts() * 2 / 3;
        String head = "{\"jsonrpc\":\"2.0\",\"id\":";
        StringBuilder offers = new StringBuilder("\"logging\":{}");
        LISTS.forEach(l -> offers.append(",\"").append(l).append("\":{\"listChanged\":").append(announces.contains(l)).append('}'));
        String middle = well
                ? ",\"result\":{\"serverInfo\":{\"name\":\"sim\",\"version\":\"" + process.pid() + "\"},\"capabilities\":{"
                        + offers + "},\"protocolVersion\":"
                : ",\"error\":{\"code\":-1,\"message\":\"no\",\"data\":";
        String revision = plan.revision();
        if (random.nextInt(5) == 0) {
            say(Frame.of("Starting up, listening on stdio"), new ChildSaid.Noise());
        }
        ChildSaid.Welcome meaning = new ChildSaid.Welcome(id, head, middle, revision, "}}", well);
        greeted = well;
        say(Frame.of(head + id + middle + '"' + revision + "\"}}"), meaning);
    }

    /** In order, as a serial server does: when whatever it held has been answered. */
    private void answerPings() {
        if (held.isEmpty() || !pingsInTurn) {
            List<Long> due = List.copyOf(pings);
            pings.clear();
            due.forEach(id -> {
                String head = "{\"jsonrpc\":\"2.0\",\"id\":";
                say(Frame.of(head + id + ",\"result\":{}}"), new ChildSaid.Answer(id, head, ",\"result\":{}}"));
            });
        }
    }

    private void onCall(Message.Request request) {
        long id = request.id().number().orElseThrow(() -> new Violation("not a number: " + request.id()));
        if (!held.add(id)) {
            throw new Violation("the child holds two calls with the id " + id);
        }
        Optional<JsonValue> params = request.params();
        Optional<String> uri = text(params.flatMap(p -> p.get("uri")));
        boolean refused = uri.filter(u -> u.startsWith("bad:")).isPresent();
        if (request.method().equals("resources/subscribe") && !refused) {
            uri.ifPresent(subscriptions::add);
        } else if (request.method().equals("resources/unsubscribe")) {
            uri.ifPresent(subscriptions::remove);
        } else if (request.method().equals("logging/setLevel")) {
            level = text(params.flatMap(p -> p.get("level"))).map(Levels.ALL::indexOf);
        }
        OptionalLong token = params.flatMap(p -> p.at("_meta", "progressToken")).flatMap(JsonValue::integer)
                .map(OptionalLong::of).orElse(OptionalLong.empty());
        long wait = random.nextInt(plan.longestAnswerMillis());
        token.ifPresent(t -> {
            progressTokens.add(t);
            for (int i = random.nextInt(4); i > 0; i--) {
                world.after(random.nextLong(wait + 1), () -> progress(t));
            }
        });
        if (random.nextInt(8) == 0) {
            world.after(random.nextLong(wait + 1), this::askClient);
        }
        boolean ofAClient = params.flatMap(p -> p.get("who")).isPresent();
        if (!ofAClient || !world.happens(plan.faults().ignored())) {
            world.after(wait, () -> answer(id, request, refused));
        }
    }

    // ---- what it answers

    private void answer(long id, Message.Request request, boolean refused) {
        if (!held.remove(id) || process.isDead()) {
            return;
        }
        boolean crashes = world.happens(plan.faults().crashes());
        int moment = crashes ? random.nextInt(3) : -1;
        if (crashes) {
            world.seen().add("crash " + moment);
        }
        if (moment == 0) {
            process.die(139);
            return;
        }
        if (moment == 1) {
            // what stands at the end without a newline is read as a line
            say(Frame.of("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"resu"), new ChildSaid.Noise());
            process.die(139);
            return;
        }
        if (moment == 2) {
            world.after(0, () -> process.die(139));
        }
        world.after(1, this::answerPings);
        answered.add(id);
        int kind = random.nextInt(100);
        if (kind < 2) {
            say(new OversizedLine(70 << 20, Optional.of(RpcId.of(id)), false), new ChildSaid.TooLong(id));
            return;
        }
        OptionalLong holder = keptOutBy(request);
        String body = holder.isPresent()
                ? keptOut(holder.getAsLong())
                : body(request, refused || kind < 8 && !request.method().contains("subscribe"));
        boolean idLast = random.nextInt(4) == 0;
        String head = idLast ? "{ " + body + ", \"jsonrpc\":\"2.0\" , \"id\" : " : "{\"jsonrpc\":\"2.0\",\"id\":";
        String tail = idLast ? "}" : "," + body + "}";
        ChildSaid meaning = holder.isPresent()
                ? new ChildSaid.Held(id, head, tail, holder.getAsLong())
                : new ChildSaid.Answer(id, head, tail);
        Frame line = Frame.of(head + id + tail);
        if (kind < 12) {
            ChildSaid both = new ChildSaid.Batch(List.of(meaning, new ChildSaid.Answer(id, head, tail)));
            say(Frame.of("[" + line + "," + line + "]"), both);
        } else {
            say(line, meaning);
        }
        if (kind >= 95) {
            world.after(random.nextInt(plan.longestAnswerMillis()), () -> say(line, meaning));
        }
    }

    /** Writes find the data taken; what else is refused in the same words is the child's own affair. */
    private OptionalLong keptOutBy(Message.Request request) {
        OptionalLong holder = world.otherWriter();
        boolean writes = request.method().equals("tools/call")
                && text(request.params().flatMap(p -> p.get("name"))).filter(SimClient.READS::equals).isEmpty();
        boolean other = request.method().equals("tools/call") || request.method().equals("prompts/get");
        return holder.isPresent() && (writes || other && random.nextInt(3) == 0) ? holder : OptionalLong.empty();
    }

    /** The two forms of FACTS.md. */
    private String keptOut(long holder) {
        String reason = "palace /p is held by PID " + holder + "; wait for it to finish";
        return random.nextBoolean()
                ? "\"error\":{\"code\":-32001,\"message\":\"Peer MCP writer active\",\"data\":{\"reason\":\"" + reason
                        + "\",\"failure_kind\":\"peer_contention\"}}"
                : "\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"{\\\"success\\\": false, \\\"error\\\": \\\""
                        + reason + "\\\"}\"}]}";
    }

    private String body(Message.Request request, boolean refused) {
        String echo = request.params().map(JsonValue::toString).orElse("{}");
        if (refused) {
            String data = "\"echo\":" + echo;
            if (random.nextInt(3) == 0) {
                String elicitation = "E" + process.pid() + "-" + ++made;
                elicitations.add(elicitation);
                return "\"error\":{\"code\":-32042,\"message\":\"look\",\"data\":{\"elicitations\":[{\"elicitationId\":\""
                        + elicitation + "\"}]," + data + "}}";
            }
            return "\"error\":{\"code\":-7,\"message\":\"no\",\"data\":{" + data + "}}";
        }
        String list = request.method().contains("/") ? request.method().substring(0, request.method().indexOf('/')) : "";
        Optional<JsonValue> params = request.params();
        if (request.method().equals("tasks/list")) {
            StringBuilder all = new StringBuilder();
            tasks.forEach(t -> all.append(all.length() == 0 ? "" : ",").append("{\"taskId\":\"").append(t).append("\"}"));
            return "\"result\":{\"tasks\":[" + all + "],\"nextCursor\":\"n\"}";
        } else if (request.method().endsWith("/list") && params.flatMap(p -> p.get("cursor")).isEmpty()) {
            return "\"result\":{\"version\":" + versions.getOrDefault(list, 1) + ",\"" + list + "\":[1.10,1E400]}";
        } else if (params.flatMap(p -> p.get("task")).isPresent() && random.nextInt(5) > 0) {
            String task = "T" + process.pid() + "-" + ++made;
            tasks.add(task);
            world.tasks.add(task);
            return "\"result\":{\"task\":{\"taskId\":\"" + task + "\",\"status\":\"" + anyOf(STATES) + "\"},\"echo\":" + echo + "}";
        } else if (request.method().equals("tasks/get") || request.method().equals("tasks/cancel")) {
            String task = text(params.flatMap(p -> p.get("taskId"))).orElse("");
            return "\"result\":{\"taskId\":\"" + task + "\",\"status\":\"" + anyOf(STATES) + "\",\"echo\":" + echo + "}";
        }
        return "\"result\":{\"echo\":" + echo + (random.nextInt(100) < plan.bulky() ? ",\"bulk\":\"" + "x".repeat(3000) + "\"" : "") + "}";
    }

    // ---- what it says of its own accord

    void act() {
        if (!greeted && random.nextInt(10) > 0) {
            return;
        }
        if (random.nextInt(100) < plan.deaths()) {
            die();
            return;
        }
        if (world.happens(plan.faults().stalls())) {
            stall();
            return;
        }
        if (world.happens(plan.faults().otherWriters())) {
            world.anotherWriterComes();
        }
        if (held.isEmpty() && world.happens(plan.faults().idleExits())) {
            world.seen().add("idle exit");
            process.die(0);
            return;
        }
        switch (random.nextInt(14)) {
            case 0 -> changed();
            case 1, 2 -> updated();
            case 3, 4 -> log();
            case 5, 6, 7 -> askClient();
            case 8 -> anyOf(progressTokens, this::progress);
            case 9 -> anyOf(tasks, this::taskStatus);
            case 10 -> anyOf(elicitations, this::elicitationComplete);
            case 11 -> cancel();
            case 12 -> anyOf(answered, id -> answerAgain(id));
            default -> noise();
        }
    }

    private void stall() {
        switch (random.nextInt(5)) {
            case 0 -> {
                process.hangUp();
                return;
            }
            case 1, 2 -> stop();
            default -> mute = true;
        }
        world.seen().add(stopped ? "stopped" : "mute");
        if (random.nextBoolean()) {
            world.after(random.nextInt(4000), this::goOn);
        }
    }

    private void stop() {
        stopped = true;
        process.readerStops(true);
    }

    /** It wakes up, and says all it has to say. */
    void goOn() {
        stopped = false;
        mute = false;
        process.readerStops(false);
        List<Parcel<ChildSaid>> late = List.copyOf(unsaid);
        unsaid.clear();
        late.forEach(parcel -> say(parcel.line(), parcel.meaning()));
    }

    private void die() {
        if (random.nextInt(4) == 0) {
            process.hangUp();
        } else {
            process.die(random.nextInt(3) == 0 ? 0 : 137);
        }
    }

    private void changed() {
        String list = anyOf(LISTS);
        int version = versions.merge(list, 1, Integer::sum);
        String text = notification("notifications/" + list + "/list_changed", "{\"v\":" + version + "}");
        say(Frame.of(text), new ChildSaid.Changed(list, version, text));
    }

    private void updated() {
        String uri = anyOf(World.URIS) + (random.nextInt(3) == 0 ? "/part" : "");
        String text = notification("notifications/resources/updated", "{\"uri\":\"" + uri + "\",\"n\":" + ++made + "}");
        say(Frame.of(text), new ChildSaid.Updated(uri, text));
    }

    private void log() {
        String word = random.nextInt(10) == 0 ? "shouting" : anyOf(Levels.ALL);
        String text = notification("notifications/message", "{\"level\":\"" + word + "\",\"data\":" + ++made + "}");
        say(Frame.of(text), new ChildSaid.Log(word, text));
    }

    private void progress(long token) {
        String head = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progressToken\":";
        String tail = ",\"progress\":" + ++made + "}}";
        say(Frame.of(head + token + tail), new ChildSaid.Progress(token, head, tail));
    }

    private void taskStatus(String task) {
        String status = anyOf(STATES);
        String text = notification("notifications/tasks/status", "{\"taskId\":\"" + task + "\",\"status\":\"" + status + "\"}");
        say(Frame.of(text), new ChildSaid.TaskStatus(task, status, text));
    }

    private void elicitationComplete(String id) {
        String text = notification("notifications/elicitation/complete", "{\"elicitationId\":\"" + id + "\"}");
        say(Frame.of(text), new ChildSaid.ElicitationComplete(id, text));
    }

    private void answerAgain(long id) {
        String tail = ",\"result\":{\"late\":" + ++made + "}}";
        String head = "{\"jsonrpc\":\"2.0\",\"id\":";
        say(Frame.of(head + id + tail), new ChildSaid.Answer(id, head, tail));
    }

    private void cancel() {
        Optional<RpcId> id = asked.stream().skip(asked.isEmpty() ? 0 : random.nextInt(asked.size())).findFirst();
        id.ifPresent(open -> {
            String head = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":";
            say(Frame.of(head + open + "}}"), new ChildSaid.Cancel(open, head, "}}"));
        });
    }

    private void noise() {
        String line = switch (random.nextInt(6)) {
            case 0 -> "";
            case 1 -> "INFO: palace opened {";
            case 2 -> "{\"jsonrpc\":\"2.0\",\"id\":\"never-asked\",\"result\":{}}";
            case 3 -> "{\"jsonrpc\":\"2.0\",\"id\":987654321987654321987654321,\"result\":{}}";
            case 4 -> notification("notifications/progress", "{\"progressToken\":\"none\",\"progress\":1}");
            default -> notification("notifications/unheard_of", "{}");
        };
        say(Frame.of(line), new ChildSaid.Noise());
    }

    private void askClient() {
        RpcId id = random.nextBoolean() ? RpcId.of(++made) : RpcId.of("child \"" + ++made);
        String method = switch (random.nextInt(10)) {
            case 0, 1, 2 -> "sampling/createMessage";
            case 3, 4 -> "elicitation/create";
            case 5, 6 -> "roots/list";
            case 7 -> "ping";
            case 8 -> hostedTasks.isEmpty() ? "roots/list" : "tasks/get";
            default -> "clients/have_no_such_method";
        };
        Optional<String> hosted = Optional.empty();
        Optional<String> related = Optional.empty();
        Optional<String> elicitation = Optional.empty();
        Optional<RpcId> token = Optional.empty();
        String middle = ",\"method\":\"" + method + "\",\"params\":{\"n\":" + ++made;
        if (method.equals("tasks/get")) {
            hosted = Optional.of(anyOf(hostedTasks));
            middle += ",\"taskId\":";
        } else {
            if (method.equals("elicitation/create") && random.nextBoolean()) {
                elicitation = Optional.of("E" + process.pid() + "-" + made);
                elicitations.add(elicitation.get());
                middle += ",\"elicitationId\":\"" + elicitation.get() + "\"";
            }
            if (!tasks.isEmpty() && random.nextInt(3) == 0) {
                related = Optional.of(anyOf(tasks));
                middle += ",\"_meta\":{\"io.modelcontextprotocol/related-task\":{\"taskId\":\"" + related.get() + "\"}}";
            } else if (random.nextBoolean()) {
                token = Optional.of(RpcId.of("p" + made));
                middle += ",\"_meta\":{\"progressToken\":" + token.get() + "}";
            }
        }
        String head = "{\"jsonrpc\":\"2.0\",\"id\":";
        asked.add(id);
        say(
                Frame.of(head + id + middle + hosted.map(Oracle::quoted).orElse("") + "}}"),
                new ChildSaid.Request(id, method, head, middle, hosted, "}}", related, elicitation, token));
    }

    // ----

    private void say(Line line, ChildSaid meaning) {
        boolean answers = !(meaning instanceof ChildSaid.Log || meaning instanceof ChildSaid.Noise);
        if (stopped || mute && answers) {
            unsaid.add(new Parcel<>(line, meaning));
        } else if (!process.isDead()) {
            process.write(new Parcel<>(line, meaning));
        }
    }

    private static String notification(String method, String params) {
        return "{\"jsonrpc\":\"2.0\",\"method\":\"" + method + "\",\"params\":" + params + "}";
    }

    private static Optional<String> text(Optional<JsonValue> value) {
        return value.flatMap(JsonValue::text);
    }

    private <T> T anyOf(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    private <T> void anyOf(List<T> all, Consumer<T> then) {
        if (!all.isEmpty()) {
            then.accept(anyOf(all));
        }
    }
}
