package dev.mpx.proxy.mux;

import dev.mpx.framing.ErrorCode;
import dev.mpx.framing.JsonValue;
import dev.mpx.proxy.jobs.JobQueue;
import dev.mpx.proxy.jobs.JobView;
import dev.mpx.transports.Peer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import reactor.core.publisher.Mono;

/** What a status is made of in a situation that people meet, played out on a real multiplexer under virtual time. */
public final class StatusScene {
    private static final Duration SLOWLY = Duration.ofSeconds(20);

    private final Bench bench;
    private final JobQueue jobs;
    private long ids = 10;

    private StatusScene() {
        JobQueue[] queue = new JobQueue[1];
        bench = Bench.with().window(1).polls(Map.of()).control((peer, method, params) -> switch (method) {
            case "mpx/hello" -> new Control.Reply.Welcome(Json.EMPTY_OBJECT, introduction(params.orElseThrow()));
            case "mpx/return" -> new Control.Reply.Later(asker -> queue[0].giveBack(params, asker));
            case "mpx/borrow" -> new Control.Reply.Later(asker -> queue[0].borrow(params, asker));
            default -> new Control.Reply.Refused(Fault.plain(ErrorCode.METHOD_NOT_FOUND, "no " + method));
        }).bench();
        bench.launcher.raising(child -> child.greetingWith("{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"tools\":{}},"
                + "\"serverInfo\":{\"name\":\"mempalace\",\"version\":\"3.11.0\"}}").dyingIn(Duration.ofSeconds(2)));
        jobs = new JobQueue(bench.mux.lending(), bench.time, List.of(), Mono.empty(), bench.mux::onJobRefused);
        queue[0] = jobs;
    }

    // ---- the situations

    /** Two agents that have asked something some time ago. */
    public static StatusScene idle() {
        StatusScene scene = new StatusScene();
        FakeLink claude = scene.agent("claude-code", "2.0.14", 5123, "claude", "/home/ada/projects/analytical-engine");
        scene.bench.pass(Duration.ofMinutes(25));
        FakeLink gemini = scene.agent("gemini-cli", "0.9.0", 6001, "node", "/home/ada/notes");
        for (int i = 0; i < 6; i++) {
            scene.ask(claude, "mempalace_search", Duration.ofMillis(40 + 15 * i));
        }
        scene.ask(gemini, "mempalace_add_drawer", Duration.ofMillis(900));
        scene.bench.pass(Duration.ofMinutes(3));
        return scene;
    }

    /** Forty agents, of which some ask a lot, and one has chosen its name to do harm. */
    public static StatusScene busy() {
        StatusScene scene = new StatusScene();
        FakeLink claude = scene.agent("claude-code", "2.0.14", 5123, "claude", "/home/ada/projects/analytical-engine");
        FakeLink evil = scene.agent("evil\u001b]0;pwned\u0007\u001b[2J\u009b31m", "1\n2", 666, "sh", "/tmp/\u202edlrow\r\n");
        FakeLink wide = scene.agent("記憶の宮殿エージェント", "1.0", 777, "wide", "/home/ada/書類/とても長い名前のフォルダー/記憶");
        for (int i = 0; i < 37; i++) {
            scene.agent("opencode", "0.15." + i, 7000 + i, "opencode", "/home/ada/work/repository-" + i + "/packages/very-long-package-name");
        }
        for (int i = 0; i < 30; i++) {
            scene.ask(claude, "mempalace_search", Duration.ofMillis(30 + i));
        }
        scene.ask(wide, "mempalace_get_\u001b[31mdrawer", Duration.ofSeconds(2));
        scene.call(evil, "mempalace_\u001b[7mmine");
        scene.bench.pass(SLOWLY);
        scene.call(claude, "mempalace_search");
        scene.bench.pass(Duration.ofSeconds(4));
        scene.call(claude, "mempalace_search");
        scene.call(wide, "mempalace_list_wings");
        scene.bench.pass(Duration.ofMillis(1500));
        return scene;
    }

    /** A call has passed its deadline, the server said nothing for two seconds more, and its tree is being ended. */
    public static StatusScene stalled() {
        StatusScene scene = new StatusScene();
        FakeLink claude = scene.agent("claude-code", "2.0.14", 5123, "claude", "/home/ada/projects/analytical-engine");
        FakeLink codex = scene.agent("codex-mcp-client", "0.46.0", 5200, "codex", "/home/ada/projects/difference-engine");
        scene.ask(codex, "mempalace_search", Duration.ofMillis(120));
        scene.call(claude, "mempalace_search");
        scene.bench.pass(Duration.ofSeconds(50));
        scene.call(codex, "mempalace_search");
        scene.bench.pass(Duration.ofSeconds(13));
        return scene;
    }

    /** The server has died twice in a row, and a moment passes before the next start. */
    public static StatusScene restarting() {
        StatusScene scene = new StatusScene();
        FakeLink claude = scene.agent("claude-code", "2.0.14", 5123, "claude", "/home/ada/projects/analytical-engine");
        scene.ask(claude, "mempalace_search", Duration.ofMillis(120));
        for (int i = 0; i < 3; i++) {
            scene.call(claude, "mempalace_add_drawer");
            scene.bench.settle();
            scene.bench.child().exit(139);
            scene.bench.pass(Duration.ofMillis(i < 2 ? 400 : 20));
            if (i == 2) {
                scene.call(claude, "mempalace_search");
                scene.bench.pass(Duration.ofMillis(30));
            }
        }
        return scene;
    }

    /** The server can't be started. */
    public static StatusScene failing() {
        StatusScene scene = new StatusScene();
        for (int i = 0; i < 3; i++) {
            scene.bench.launcher.failNext("mempalace-mcp ended with status 1 before it answered initialize: ModuleNotFoundError: No module named"
                    + " 'chromadb' (the environment it was installed in is gone)");
        }
        scene.agent("claude-code", "2.0.14", 5123, "claude", "/home/ada/projects/analytical-engine");
        scene.bench.pass(Duration.ofSeconds(2));
        return scene;
    }

    /** A mine has the palace, another waits, and a third has failed; an agent's call waits, too. */
    public static StatusScene jobs() {
        StatusScene scene = new StatusScene();
        FakeLink claude = scene.agent("claude-code", "2.0.14", 5123, "claude", "/home/ada/projects/analytical-engine");
        scene.ask(claude, "mempalace_search", Duration.ofMillis(120));
        FakeLink borrower = scene.borrow("old", "mempalace mine /home/ada/attic");
        scene.bench.pass(SLOWLY);
        borrower.type(Rpc.request(9, "mpx/return", "{\"job\":1,\"status\":3}"));
        scene.bench.pass(SLOWLY);
        scene.borrow("notes", "mempalace mine /home/ada/notes --mode convos");
        scene.bench.pass(Duration.ofSeconds(90));
        scene.borrow("engine", "mempalace mine /home/ada/projects/analytical-engine");
        scene.borrow("engine", "mempalace mine /home/ada/projects/analytical-engine");
        scene.call(claude, "mempalace_search");
        scene.bench.pass(Duration.ofSeconds(5));
        return scene;
    }

    /** One agent of this machine, and two of a container and of a VM. */
    public static StatusScene remote() {
        StatusScene scene = new StatusScene();
        scene.agent("claude-code", "2.0.14", 5123, "claude", "/home/ada/projects/analytical-engine");
        FakeLink guest = scene.join(scene.guest(), "gemini-cli", "0.9.0", 17, "node", "/workspace/analytical-engine", "devcontainer-7f3a");
        scene.join(scene.guest(), "opencode", "0.15.2", 240, "opencode", "/home/vm/src", "vm-trixie");
        scene.ask(guest, "mempalace_search", Duration.ofMillis(75));
        scene.call(guest, "mempalace_traverse");
        scene.bench.pass(Duration.ofSeconds(7));
        return scene;
    }

    // ---- what is shown of them

    public Snapshot snapshot() {
        return bench.mux.snapshot();
    }

    public List<JobView> jobViews() {
        return jobs.views();
    }

    // ---- how they come about

    private FakeLink agent(String name, String version, long pid, String program, String directory) {
        return join(bench.connect(), name, version, pid, program, directory, "laptop");
    }

    private FakeLink guest() {
        FakeLink link = new FakeLink(bench.time, "unix", 900, bench.budget, FakeLink.OUTBOX) {
            @Override
            public Peer peer() {
                return super.peer().asGuest();
            }
        };
        bench.mux.accept(link);
        return link;
    }

    private FakeLink join(FakeLink link, String name, String version, long pid, String program, String directory, String host) {
        link.type(Rpc.request(1, "mpx/hello", object("pid", pid + 1, "parentPid", pid, "parent", program, "cwd", directory, "host", host)));
        link.type(Rpc.request(2, "initialize", "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},\"clientInfo\":"
                + object("name", name, "version", version) + "}"));
        bench.settle();
        link.type(Rpc.notification("notifications/initialized", "{}"));
        bench.settle();
        return link;
    }

    private static String object(Object... members) {
        byte[] json = Json.object(object -> {
            for (int i = 0; i < members.length; i += 2) {
                if (members[i + 1] instanceof Long number) {
                    object.writeNumberField((String) members[i], number);
                } else {
                    object.writeStringField((String) members[i], (String) members[i + 1]);
                }
            }
        });
        return new String(json, StandardCharsets.UTF_8);
    }

    private static Introduction introduction(JsonValue client) {
        return new Introduction("0.1.0", number(client, "pid"), number(client, "parentPid"), text(client, "parent"), text(client, "cwd"),
                text(client, "host"));
    }

    private static OptionalLong number(JsonValue object, String name) {
        return OptionalLong.of(object.get(name).flatMap(JsonValue::integer).orElseThrow());
    }

    private static String text(JsonValue object, String name) {
        return object.get(name).flatMap(JsonValue::text).orElseThrow();
    }

    private void call(FakeLink agent, String tool) {
        agent.type(Rpc.request(ids++, "tools/call", object("name", tool)));
        bench.settle();
    }

    private void ask(FakeLink agent, String tool, Duration time) {
        call(agent, tool);
        bench.pass(time);
        while (!bench.child().waiting().isEmpty()) {
            bench.child().answerNext("{\"tools\":[],\"content\":[]}");
        }
        bench.settle();
    }

    private FakeLink borrow(String key, String command) {
        byte[] params = Json.object(object -> {
            object.writeStringField("key", key);
            object.writeStringField("cwd", "/home/ada");
            object.writeNumberField("pid", 8000 + ids);
            object.writeArrayFieldStart("command");
            for (String word : command.split(" ")) {
                object.writeString(word);
            }
            object.writeEndArray();
        });
        FakeLink borrower = bench.connect();
        borrower.type(Rpc.request(ids++, "mpx/borrow", new String(params, StandardCharsets.UTF_8)));
        bench.settle();
        return borrower;
    }
}
