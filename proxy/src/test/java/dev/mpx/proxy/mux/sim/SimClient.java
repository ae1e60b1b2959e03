package dev.mpx.proxy.mux.sim;

import dev.mpx.framing.Frame;
import dev.mpx.framing.Line;
import dev.mpx.framing.Message;
import dev.mpx.framing.OversizedLine;
import dev.mpx.framing.RpcId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/** What a simulated client does: everything a client may do, in any order, and much that it may not. */
final class SimClient {
    private static final List<String> REVISIONS =
            List.of("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "2030-01-01");

    /** Two tools: one writes, one only reads. */
    static final String WRITES = "t";

    static final String READS = "r";

    final String name;
    final SimLink<ClientSaid> link;
    final ClientState state = new ClientState();
    private final World world;
    private final Plan plan;
    private final RandomGenerator random;
    private final Set<String> capabilities;
    private final int idStyle;

    private final Map<RpcId, Ask> open = new LinkedHashMap<>();
    private final List<RpcId> answered = new ArrayList<>();
    private final List<Message.Request> questions = new ArrayList<>();
    private final List<String> hosted = new ArrayList<>();
    private boolean asksIn;
    private boolean in;
    private boolean willing;
    private boolean speechless;
    private long made;
    private int longestLine;

    SimClient(String name, SimLink<ClientSaid> link, World world) {
        this.name = name;
        this.link = link;
        this.world = world;
        this.plan = world.plan;
        this.random = world.random;
        this.idStyle = random.nextInt(4);
        this.capabilities = random.nextInt(3) == 0 ? Set.of() : Set.of("sampling", "elicitation", "roots");
        this.willing = random.nextInt(4) > 0;
    }

    boolean declares(String capability) {
        return state.phase != ClientState.Phase.NEW && capabilities.contains(capability);
    }

    int longestLine() {
        return longestLine;
    }

    // ---- what it is sent

    void onFrame(Frame frame) {
        Message message = Message.read(frame);
        if (message instanceof Message.Response response) {
            onAnswer(response);
        } else if (message instanceof Message.Batch batch) {
            batch.elements().forEach(this::onFrame);
        } else if (message instanceof Message.Request question) {
            questions.add(question);
            if (willing) {
                world.after(random.nextInt(plan.longestAnswerMillis() * 2), () -> reply(question));
            }
        }
    }

    private void onAnswer(Message.Response response) {
        Ask ask = open.remove(response.id());
        if (ask == null) {
            return;
        }
        answered.add(ask.id);
        if (ask.method.equals("initialize")) {
            in |= response.result().isPresent();
            asksIn = in;
            if (response.result().isPresent() && random.nextInt(8) > 0) {
                notify("notifications/initialized", "{}", new ClientSaid.Initialized());
            }
        }
    }

    /** From now on it answers whatever it is asked, what it has put off included. */
    void becomeWilling() {
        willing = true;
        List.copyOf(questions).forEach(this::reply);
    }

    private void reply(Message.Request question) {
        if (!questions.remove(question)) {
            return;
        }
        String head = "{\"jsonrpc\":\"2.0\",\"id\":";
        int kind = random.nextInt(20);
        if (kind == 0) {
            say(
                    Frame.of(head + question.id() + ",\"result\":{},\"error\":{}}"),
                    new ClientSaid.Garbage(-32600, Optional.of(question.id()), true));
        } else if (kind == 1) {
            say(
                    new OversizedLine(70 << 20, Optional.of(question.id()), false),
                    new ClientSaid.TooLong(Optional.of(question.id()), false));
        } else {
            Optional<String> task = taskFor(question);
            String middle = ",\"result\":{\"from\":\"" + name + "\",\"n\":" + ++made
                    + task.map(t -> question.method().startsWith("tasks/") ? ",\"taskId\":" : ",\"task\":{\"taskId\":").orElse("");
            String tail = task.isPresent() && !question.method().startsWith("tasks/") ? "}}}" : "}}";
            ClientSaid.Answer meaning = new ClientSaid.Answer(question.id(), head, middle, task, tail);
            Line line = Frame.of(head + question.id() + middle + task.map(Oracle::quoted).orElse("") + tail);
            if (kind == 2) {
                say(line, meaning);
            } else if (kind <= 4) {
                // one that was not asked answers first
                world.anotherThan(this).ifPresent(other -> other.say(line, meaning));
                world.after(1, () -> say(line, meaning));
                return;
            }
            say(line, meaning);
        }
    }

    private Optional<String> taskFor(Message.Request question) {
        if (question.method().startsWith("tasks/")) {
            return question.params().flatMap(p -> p.get("taskId")).flatMap(dev.mpx.framing.JsonValue::text);
        }
        if (question.method().equals("sampling/createMessage") && random.nextInt(3) == 0) {
            // every client counts from one, so that their ids are equal
            String task = "task-" + (1 + random.nextInt(3));
            hosted.add(task);
            return Optional.of(task);
        }
        return Optional.empty();
    }

    // ---- what it does

    void act() {
        if (!link.isOpen() || speechless) {
            return;
        }
        if (!asksIn && random.nextInt(10) > 0) {
            initialize();
            return;
        }
        switch (random.nextInt(32)) {
            case 0 -> initialize();
            case 1 -> ask("ping", "", false, false);
            case 2 -> ask("server/discover", "", false, false);
            case 3 -> ask("mpx/status", "", false, false);
            case 4, 5 -> list();
            case 6 -> setLevel();
            case 7, 8 -> ask("resources/subscribe", random.nextInt(6) == 0 ? "bad:uri" : anyOf(World.URIS), false, false);
            case 9 -> ask("resources/unsubscribe", anyOf(World.URIS), false, false);
            case 10, 11 -> ask("tools/call", tool(), true, false);
            case 12, 13 -> aboutTask();
            case 14, 15, 16 -> cancel();
            case 17 -> notify("notifications/unheard_of", "{\"from\":\"" + name + "\",\"n\":" + ++made + "}", null);
            case 18 -> notify("notifications/roots/list_changed", "{\"from\":\"" + name + "\",\"n\":" + ++made + "}", null);
            case 19 -> progress();
            case 20 -> taskStatus();
            case 21 -> garbage();
            case 22, 23 -> {
                // the oracle can't see what expires in an array before the whole of it is sent
                if (plan.faults().present()) {
                    burst();
                } else {
                    batch();
                }
            }
            case 24 -> answerUnasked();
            case 25 -> leave();
            case 26 -> {
                if (!state.initialized) {
                    notify("notifications/initialized", "{}", new ClientSaid.Initialized());
                }
            }
            case 27 -> burst();
            default -> ask("tools/call", tool(), false, false);
        }
    }

    private String tool() {
        return random.nextInt(4) == 0 ? READS : WRITES;
    }

    private void initialize() {
        asksIn = true;
        String revision = anyOf(REVISIONS);
        StringBuilder declared = new StringBuilder();
        capabilities.stream().sorted().forEach(c -> declared.append(declared.length() == 0 ? "" : ",").append('"').append(c).append("\":{}"));
        ask(
                "initialize",
                revision,
                ",\"protocolVersion\":\"" + revision + "\",\"capabilities\":{" + declared
                        + "},\"clientInfo\":{\"name\":\"" + name + "\",\"version\":\"1\"}",
                false,
                false,
                false);
    }

    private void list() {
        String method = anyOf(List.of("tools/list", "prompts/list", "resources/list", "resources/templates/list"));
        ask(method, "", false, random.nextInt(4) == 0);
    }

    private void setLevel() {
        ask("logging/setLevel", random.nextInt(8) == 0 ? "loud" : anyOf(Levels.ALL), false, false);
    }

    private void aboutTask() {
        if (random.nextInt(3) == 0) {
            ask("tasks/list", "", false, false);
        } else {
            String task = world.tasks.isEmpty() ? "no-such" : anyOf(world.tasks);
            ask(anyOf(List.of("tasks/get", "tasks/result", "tasks/cancel")), task, false, false);
        }
    }

    private void burst() {
        for (int i = 1 + random.nextInt(12); i > 0; i--) {
            ask("tools/call", tool(), false, false);
        }
    }

    private void ask(String method, String target, boolean startsTask, boolean hasCursor) {
        String member = switch (method) {
            case "logging/setLevel" -> ",\"level\":\"" + target + "\"";
            case "resources/subscribe", "resources/unsubscribe" -> ",\"uri\":\"" + target + "\"";
            case "tasks/get", "tasks/result", "tasks/cancel" -> ",\"taskId\":\"" + target + "\"";
            default -> ",\"name\":\"" + (target.isEmpty() ? WRITES : target) + "\",\"number\":123456789012345678901234567890.10,\"text\":\"\\u00e9\\/\"";
        };
        String bulk = random.nextInt(100) < plan.bulky() ? ",\"bulk\":\"" + "y".repeat(random.nextInt(5000)) + "\"" : "";
        ask(method, target, member + bulk, startsTask, hasCursor, random.nextInt(3) == 0);
    }

    private void ask(
            String method, String target, String members, boolean startsTask, boolean hasCursor, boolean wantsProgress) {
        Ask ask = make(method, target, members, startsTask, hasCursor, wantsProgress);
        say(ask.line(), new ClientSaid.Request(ask));
    }

    private Ask make(
            String method, String target, String members, boolean startsTask, boolean hasCursor, boolean wantsProgress) {
        String key = name + "#" + ++made;
        boolean again = random.nextInt(40) == 0 && !open.isEmpty();
        RpcId id = again ? open.keySet().iterator().next() : newId();
        Optional<String> token = wantsProgress ? Optional.of(token()) : Optional.empty();
        String params = ",\"params\":{\"who\":\"" + key + "\"" + members
                + (startsTask ? ",\"task\":{}" : "")
                + (hasCursor ? ",\"cursor\":\"c\"" : "")
                + (wantsProgress ? ",\"_meta\":{\"progressToken\":" : "");
        boolean methodFirst = random.nextInt(4) == 0;
        String head = methodFirst ? "{\"method\":\"" + method + "\" , \"id\" :" : "{\"jsonrpc\":\"2.0\",\"id\":";
        String middle = methodFirst ? ",\"jsonrpc\":\"2.0\"" + params : ",\"method\":\"" + method + "\"" + params;
        String tail = wantsProgress ? ",\"other\":0}}}" : "}}";
        Ask ask = new Ask(this, key, id, method, target, startsTask, hasCursor, token, head, middle, tail);
        open.putIfAbsent(id, ask);
        return ask;
    }

    private RpcId newId() {
        if (made == 1 && random.nextInt(3) == 0) {
            return RpcId.of("");
        }
        String json = switch (idStyle) {
            case 0 -> Long.toString(made);
            case 1 -> "\"id-" + made + "\"";
            case 2 -> "1234567890123456789012345" + made;
            default -> "\"\\u0061\\n" + made + "\"";
        };
        return dev.mpx.framing.JsonValue.parse(Frame.of(json).toBytes()).flatMap(RpcId::of).orElseThrow();
    }

    private String token() {
        return switch (random.nextInt(4)) {
            case 0 -> "\"\"";
            case 1 -> "0";
            case 2 -> "99999999999999999999";
            default -> "\"t\\u006f\"";
        };
    }

    private void cancel() {
        List<RpcId> ids = new ArrayList<>(random.nextInt(5) == 0 ? answered : open.keySet());
        if (random.nextInt(10) == 0) {
            world.anotherThan(this).ifPresent(other -> ids.addAll(other.open.keySet()));
        }
        if (!ids.isEmpty()) {
            RpcId id = anyOf(ids);
            String head = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":";
            String tail = ",\"reason\":\"" + name + " " + ++made + "\"}}";
            if (!open.containsKey(id) || !open.get(id).method.equals("initialize")) {
                open.remove(id);
            }
            say(Frame.of(head + id + tail), new ClientSaid.Cancel(id, head, tail));
        }
    }

    private void notify(String method, String params, ClientSaid.Initialized initialized) {
        String text = "{\"jsonrpc\":\"2.0\",\"method\":\"" + method + "\",\"params\":" + params + "}";
        ClientSaid said = initialized != null
                ? initialized
                : method.contains("roots") ? new ClientSaid.RootsChanged(text) : new ClientSaid.Other(text);
        say(Frame.of(text), said);
    }

    private void progress() {
        RpcId token = questions.isEmpty()
                ? RpcId.of("p1")
                : questions.get(0).params().flatMap(p -> p.at("_meta", "progressToken")).flatMap(RpcId::of).orElse(RpcId.of("p2"));
        String text = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progressToken\":" + token
                + ",\"progress\":" + ++made + "}}";
        say(Frame.of(text), new ClientSaid.Progress(token, text));
    }

    private void taskStatus() {
        String task = hosted.isEmpty() ? "task-1" : anyOf(hosted);
        String head = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tasks/status\",\"params\":{\"taskId\":";
        String tail = ",\"status\":\"working\",\"n\":" + ++made + "}}";
        say(Frame.of(head + Oracle.quoted(task) + tail), new ClientSaid.TaskStatus(task, head, tail));
    }

    private void garbage() {
        Optional<RpcId> mine = open.keySet().stream().findFirst();
        switch (random.nextInt(5)) {
            case 0 -> say(Frame.of("{\"jsonrpc\":"), new ClientSaid.Garbage(-32700, Optional.empty(), false));
            case 1 -> say(Frame.of("[]"), new ClientSaid.Garbage(-32600, Optional.empty(), false));
            case 2 -> {
                RpcId id = RpcId.of(name + ++made);
                say(Frame.of("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":7}"), new ClientSaid.Garbage(-32600, Optional.of(id), false));
            }
            case 3 -> {
                RpcId id = RpcId.of(name + ++made);
                say(new OversizedLine(70 << 20, Optional.of(id), true), new ClientSaid.TooLong(Optional.of(id), true));
            }
            // no answer to it may be taken for the answer to a request under way
            default -> mine.ifPresent(id -> say(
                    Frame.of("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{},\"error\":{}}"),
                    new ClientSaid.Garbage(-32600, Optional.of(id), true)));
        }
    }

    private void batch() {
        List<ClientSaid> all = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            if (random.nextInt(4) == 0) {
                String text = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/unheard_of\",\"params\":{\"n\":\"" + name + ++made + "\"}}";
                all.add(new ClientSaid.Other(text));
                texts.add(text);
            } else {
                Ask ask = make(random.nextInt(3) == 0 ? "ping" : "tools/call", "", "", false, false, random.nextInt(3) == 0);
                all.add(new ClientSaid.Request(ask));
                texts.add(ask.line().toString());
            }
        }
        say(Frame.of("[" + String.join(" , ", texts) + "]"), new ClientSaid.Batch(all));
    }

    private void answerUnasked() {
        String head = "{\"jsonrpc\":\"2.0\",\"id\":";
        RpcId id = open.isEmpty() ? RpcId.of("mpx-0000000000000000-1") : anyOf(new ArrayList<>(open.keySet()));
        say(Frame.of(head + id + ",\"result\":{}}"), new ClientSaid.Answer(id, head, ",\"result\":{", Optional.empty(), "}}"));
    }

    /** Hangs up: at once, or ends its stream first and reads on for a while. */
    void leave() {
        if (random.nextBoolean()) {
            link.hangUp();
        } else {
            speechless = true;
            link.endStream();
            if (random.nextBoolean()) {
                world.after(random.nextInt(500), link::hangUp);
            }
        }
    }

    private void say(Line line, ClientSaid said) {
        if (line instanceof Frame frame) {
            longestLine = Math.max(longestLine, frame.length());
        }
        if (!speechless) {
            link.write(new Parcel<>(line, said));
        }
    }

    private <T> T anyOf(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    @Override
    public String toString() {
        return name;
    }
}
