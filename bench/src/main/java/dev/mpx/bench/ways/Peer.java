package dev.mpx.bench.ways;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;

/** Others that put one server between several agents, installed by {@code bench/peers/install}. */
public final class Peer implements Way {
    /** The programs that a peer consists of. */
    private record Commands(Optional<List<String>> server, List<String> session, BooleanSupplier isUp, Optional<List<String>> end) {}

    @FunctionalInterface
    private interface Recipe {
        Commands at(Workshop workshop, Path home);
    }

    private static final int MANY = 256;
    private static final int FEW = 8;
    private static final int MANY_FOR_MEMORY = 100;
    private static final int FEW_FOR_MEMORY = 10;

    private final String name;
    private final Optional<Path> program;
    private final String why;
    private final int most;
    private final boolean quick;
    private final Recipe recipe;

    private Peer(String name, Optional<Path> program, String why, int most, boolean quick, Recipe recipe) {
        this.name = name;
        this.program = program;
        this.why = why;
        this.most = most;
        this.quick = quick;
        this.recipe = recipe;
    }

    /** All that are known. */
    public static List<Way> all(Workshop workshop) {
        return List.of(nodeChain(workshop), pythonChain(workshop), rust(workshop), go(workshop), absent());
    }

    /** npm {@code mcp-proxy}, which gives the server an HTTP port, and {@code mcp-remote}, which an agent starts. */
    private static Way nodeChain(Workshop workshop) {
        Path modules = workshop.peer("node/node_modules");
        return new Peer("node", Optional.of(modules.resolve("mcp-remote/dist/proxy.js")),
                "npm mcp-proxy and mcp-remote are not installed: bench/peers/install", FEW, false, (shop, home) -> {
                    int port = Workshop.freePort();
                    return new Commands(
                            Optional.of(List.of("node", modules.resolve("mcp-proxy/dist/bin/mcp-proxy.mjs").toString(),
                                    "--host", "127.0.0.1", "--port", Integer.toString(port), "--", shop.child().toString())),
                            List.of("node", modules.resolve("mcp-remote/dist/proxy.js").toString(), "http://127.0.0.1:" + port + "/mcp",
                                    "--transport", "http-only"),
                            () -> listens(port), Optional.empty());
                });
    }

    /** PyPI {@code mcp-proxy} in both of its roles. */
    private static Way pythonChain(Workshop workshop) {
        Path program = workshop.peer("python/bin/mcp-proxy");
        String why = "PyPI mcp-proxy is not installed: bench/peers/install";
        return new Peer("python", Optional.of(program), why, FEW, false, (shop, home) -> {
            int port = Workshop.freePort();
            return new Commands(
                    Optional.of(List.of(program.toString(), "--host", "127.0.0.1", "--port", Integer.toString(port),
                            "--", shop.child().toString())),
                    List.of(program.toString(), "--transport", "streamablehttp", "http://127.0.0.1:" + port + "/mcp"),
                    () -> listens(port), Optional.empty());
        });
    }

    private static Way rust(Workshop workshop) {
        Path program = workshop.peer("rust/bin/rmcp-mux");
        String why = "the crate rmcp-mux is not installed: bench/peers/install";
        return new Peer("rmcp-mux", Optional.of(program), why, MANY, true, (shop, home) -> {
            Path socket = home.resolve("s");
            return new Commands(
                    Optional.of(List.of(program.toString(), "--socket", socket.toString(), "--cmd", shop.child().toString(),
                            "--max-active-clients", "1000", "--log-level", "error")),
                    List.of(program.resolveSibling("rmcp-mux-proxy").toString(), "--socket", socket.toString()),
                    () -> Files.exists(socket), Optional.empty());
        });
    }

    /** Starts its daemon by itself. */
    private static Way go(Workshop workshop) {
        Path program = workshop.peer("bin/mcp-mux");
        return new Peer("mcp-mux", Optional.of(program),
                "github.com/thebtf/mcp-mux can't be had by \"go install\" (its go.mod replaces a module); "
                        + "it is measured if its program is bench/.peers/bin/mcp-mux", MANY, true,
                (shop, home) -> new Commands(Optional.empty(), List.of(program.toString(), shop.child().toString()), () -> true,
                        Optional.of(List.of(program.toString(), "stop"))));
    }

    private static Way absent() {
        return new Peer("mcp-stdio-mux", Optional.empty(),
                "PyPI mcp-stdio-mux could not be had from the package index when the suite was made", 0, true, (shop, home) -> {
                    throw new IllegalStateException("it is not known how it is started");
                });
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Optional<String> missing() {
        return program.filter(Files::exists).isPresent() ? Optional.empty() : Optional.of(why);
    }

    @Override
    public boolean isOwn() {
        return false;
    }

    @Override
    public boolean isQuick() {
        return quick;
    }

    @Override
    public int mostSessions() {
        return most;
    }

    @Override
    public int mostForMemory() {
        return most > FEW ? MANY_FOR_MEMORY : FEW_FOR_MEMORY;
    }

    @Override
    public Stand open(Workshop workshop) {
        Path home = workshop.directory("peer");
        Commands commands = recipe.at(workshop, home);
        List<Process> processes = new ArrayList<>();
        commands.server().ifPresent(command -> processes.add(workshop.start(home, command)));
        Workshop.awaitThat("waited for the server of " + name, commands.isUp());
        return workshop.watch(new Stand() {
            @Override
            public List<String> command() {
                return commands.session();
            }

            @Override
            public Map<String, String> environment() {
                return workshop.environment(home);
            }

            @Override
            public List<Long> roots() {
                // a daemon that a session has started is known by the home in its environment alone
                return processes.isEmpty() ? Homes.processesOf(home) : List.of(processes.get(0).pid());
            }

            @Override
            public OptionalLong daemon() {
                List<Long> roots = roots();
                return roots.size() == 1 ? OptionalLong.of(roots.get(0)) : OptionalLong.empty();
            }

            @Override
            public void close() {
                workshop.forget(this);
                commands.end().ifPresent(command -> workshop.run(home, command));
                processes.forEach(Workshop::end);
            }
        });
    }
}
