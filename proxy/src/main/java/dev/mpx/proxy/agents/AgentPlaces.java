package dev.mpx.proxy.agents;

import dev.mpx.proxy.agents.ConfigPlace.Language;
import dev.mpx.proxy.agents.ConfigPlace.Scope;
import dev.mpx.proxy.home.Environment;
import dev.mpx.proxy.home.ServerSearch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where each agent keeps its configuration, as its documentation and the agent itself have it (docs/agents.md names both). */
final class AgentPlaces {
    private static final List<String> SERVERS = List.of("mcpServers");

    private final Environment environment;
    private final Path user;
    private final Path here;

    AgentPlaces(Environment environment) {
        this.environment = environment;
        this.user = environment.userHome();
        this.here = environment.workingDirectory();
    }

    /**
     * Its files, there or not, each once: where the current directory is the user's own, a project's file is the user's. The first of
     * {@link Scope#USER} is where a new entry goes.
     */
    List<ConfigPlace> of(Agent agent) {
        Map<Path, ConfigPlace> places = new LinkedHashMap<>();
        named(agent).forEach(place -> places.putIfAbsent(real(place.file()), place));
        return List.copyOf(places.values());
    }

    private static Path real(Path file) {
        try {
            return file.toRealPath();
        } catch (IOException notThere) {
            return file.toAbsolutePath().normalize();
        }
    }

    private List<ConfigPlace> named(Agent agent) {
        return switch (agent) {
            case CLAUDE -> claude();
            case GEMINI -> List.of(
                    ConfigPlace.json(directory("GEMINI_CLI_HOME", "").resolve(".gemini/settings.json"), Scope.USER, SERVERS).withHooks(),
                    ConfigPlace.json(here.resolve(".gemini/settings.json"), Scope.PROJECT, SERVERS).withHooks());
            case COPILOT -> copilot();
            case OPENCODE -> opencode();
            case CODEX -> codex();
            case CURSOR -> List.of(
                    ConfigPlace.json(user.resolve(".cursor/mcp.json"), Scope.USER, SERVERS),
                    ConfigPlace.hooks(user.resolve(".cursor/hooks.json"), Scope.USER_EXTRA),
                    ConfigPlace.json(here.resolve(".cursor/mcp.json"), Scope.PROJECT, SERVERS),
                    ConfigPlace.hooks(here.resolve(".cursor/hooks.json"), Scope.PROJECT));
            case VSCODE -> vscode();
            case PI -> List.of(
                    ConfigPlace.json(directory("PI_CODING_AGENT_DIR", ".pi/agent").resolve("mcp.json"), Scope.USER, SERVERS),
                    ConfigPlace.json(here.resolve(".pi/mcp.json"), Scope.PROJECT, SERVERS));
        };
    }

    /** Whether it is on this machine: a file or directory of its own, or its program on PATH. */
    boolean isHere(Agent agent) {
        return of(agent).stream().anyMatch(place -> Files.exists(place.file()))
                || ownDirectory(agent).filter(Files::isDirectory).isPresent()
                || program(agent).flatMap(new ServerSearch(environment)::find).isPresent();
    }

    private Optional<Path> ownDirectory(Agent agent) {
        if (agent == Agent.CLAUDE) { // its file is beside it
            return Optional.of(directory("CLAUDE_CONFIG_DIR", ".claude"));
        }
        return Optional.ofNullable(of(agent).get(0).file().getParent()).filter(directory -> !directory.equals(user));
    }

    /** Of pi there may be others of that name. */
    private static Optional<String> program(Agent agent) {
        return switch (agent) {
            case VSCODE -> Optional.of("code");
            case PI -> Optional.empty();
            default -> Optional.of(agent.id());
        };
    }

    private List<ConfigPlace> claude() {
        Path settings = directory("CLAUDE_CONFIG_DIR", ".claude");
        Path state = directory("CLAUDE_CONFIG_DIR", "").resolve(".claude.json");
        return List.of(
                new ConfigPlace(state, Language.JSON, List.of(SERVERS, List.of("projects", ConfigPlace.ANY, "mcpServers")), false,
                        Scope.USER),
                ConfigPlace.json(here.resolve(".mcp.json"), Scope.PROJECT, SERVERS),
                ConfigPlace.hooks(settings.resolve("settings.json"), Scope.USER_EXTRA),
                ConfigPlace.hooks(here.resolve(".claude/settings.json"), Scope.PROJECT),
                ConfigPlace.hooks(here.resolve(".claude/settings.local.json"), Scope.PROJECT));
    }

    /** XDG_CONFIG_HOME was what moved it before COPILOT_HOME did, so what is there is looked at as well. */
    private List<ConfigPlace> copilot() {
        List<ConfigPlace> places = new ArrayList<>();
        places.add(ConfigPlace.json(directory("COPILOT_HOME", ".copilot").resolve("mcp-config.json"), Scope.USER, SERVERS));
        absolute("XDG_CONFIG_HOME").ifPresent(config -> List.of("copilot", ".copilot").forEach(name ->
                places.add(ConfigPlace.json(config.resolve(name).resolve("mcp-config.json"), Scope.USER_EXTRA, SERVERS))));
        places.add(ConfigPlace.json(here.resolve(".github/mcp.json"), Scope.PROJECT, SERVERS));
        return places;
    }

    private List<ConfigPlace> opencode() {
        List<String> table = List.of("mcp");
        Path global = absolute("XDG_CONFIG_HOME").orElse(user.resolve(".config")).resolve("opencode");
        List<Path> files = new ArrayList<>(List.of(global.resolve("opencode.json"), global.resolve("opencode.jsonc"),
                global.resolve("config.json")));
        // a new entry goes where entries are already
        files.stream().filter(Files::exists).findFirst().ifPresent(first -> {
            files.remove(first);
            files.add(0, first);
        });
        List<ConfigPlace> places = new ArrayList<>();
        places.add(ConfigPlace.json(files.get(0), Scope.USER, table));
        files.subList(1, files.size()).forEach(file -> places.add(ConfigPlace.json(file, Scope.USER_EXTRA, table)));
        absolute("OPENCODE_CONFIG").ifPresent(file -> places.add(ConfigPlace.json(file, Scope.USER_EXTRA, table)));
        List<Path> directories = new ArrayList<>();
        absolute("OPENCODE_CONFIG_DIR").ifPresent(directories::add);
        for (String name : List.of("opencode.json", "opencode.jsonc")) {
            directories.forEach(directory -> places.add(ConfigPlace.json(directory.resolve(name), Scope.USER_EXTRA, table)));
            places.add(ConfigPlace.json(here.resolve(name), Scope.PROJECT, table));
            places.add(ConfigPlace.json(here.resolve(".opencode").resolve(name), Scope.PROJECT, table));
        }
        return places;
    }

    private List<ConfigPlace> codex() {
        List<List<String>> table = List.of(List.of("mcp_servers"));
        Path directory = directory("CODEX_HOME", ".codex");
        return List.of(
                new ConfigPlace(directory.resolve("config.toml"), Language.TOML, table, true, Scope.USER),
                ConfigPlace.hooks(directory.resolve("hooks.json"), Scope.USER_EXTRA),
                new ConfigPlace(here.resolve(".codex/config.toml"), Language.TOML, table, true, Scope.PROJECT),
                ConfigPlace.hooks(here.resolve(".codex/hooks.json"), Scope.PROJECT));
    }

    /** The project's file comes first where the current directory is a project of VS Code's. */
    private List<ConfigPlace> vscode() {
        List<String> table = List.of("servers");
        Path users = (isMac() ? user.resolve("Library/Application Support") : absolute("XDG_CONFIG_HOME").orElse(user.resolve(".config")))
                .resolve("Code/User/mcp.json");
        Path projects = here.resolve(".vscode/mcp.json");
        boolean isProject = Files.isDirectory(here.resolve(".vscode"));
        return isProject
                ? List.of(ConfigPlace.json(projects, Scope.USER, table), ConfigPlace.json(users, Scope.USER_EXTRA, table))
                : List.of(ConfigPlace.json(users, Scope.USER, table));
    }

    static boolean isMac() {
        return System.getProperty("os.name", "").startsWith("Mac");
    }

    private Path directory(String variable, String otherwise) {
        return absolute(variable).orElse(user.resolve(otherwise));
    }

    private Optional<Path> absolute(String variable) {
        return environment.get(variable).map(environment::expandTilde).map(environment::absolute);
    }

    /** Directories below which plug-ins and extensions bring files of their own. */
    List<Path> pluginDirectories(Agent agent) {
        return switch (agent) {
            case CLAUDE -> List.of(directory("CLAUDE_CONFIG_DIR", ".claude").resolve("plugins"));
            case GEMINI -> List.of(directory("GEMINI_CLI_HOME", "").resolve(".gemini/extensions"));
            case CODEX -> List.of(directory("CODEX_HOME", ".codex").resolve("plugins"));
            case COPILOT -> List.of(directory("COPILOT_HOME", ".copilot").resolve("installed-plugins"));
            case OPENCODE, CURSOR, VSCODE, PI -> List.of();
        };
    }
}
