package dev.mpx.proxy.shim;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** A made-up user on a made-up machine who starts mpx with some words: whatever chance thinks of. */
final class Situation {
    private static final List<String> NAMES = List.of("p", "team", "a b", "ünï", "日本", "x.y", ".hidden", "né.mpx", "-dash", "q\"uo\\te");

    final Path work;
    final Map<String, String> variables = new TreeMap<>();
    final List<String> words = new ArrayList<>();

    private final Random chance;
    /** Whether nothing but the server's own configuration says which palace is meant. */
    private final boolean configured;
    private final Path root;
    private final Path user;
    private final Path mpx;

    Situation(Path root, Path mpx, long seed) throws IOException {
        this.root = root;
        this.mpx = mpx;
        // Random's first numbers are much alike for seeds that are.
        chance = new Random(new SplittableRandom(seed).nextLong());
        configured = sometimes();
        user = Files.createDirectories(root.resolve(often() ? "user" : "üser"));
        work = Files.createDirectories(root.resolve("work"));
        palaces();
        links();
        programs();
        variables();
        endpoints();
        words();
    }

    @Override
    public String toString() {
        return words + " in " + variables + ", files " + root;
    }

    // ---- what chance says

    private boolean often() {
        return chance.nextInt(4) > 0;
    }

    private boolean sometimes() {
        return chance.nextInt(4) == 0;
    }

    @SafeVarargs
    private <T> T one(T... of) {
        return of[chance.nextInt(of.length)];
    }

    private String name() {
        return NAMES.get(chance.nextInt(NAMES.size()));
    }

    // ---- files

    private void file(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void program(Path file, String text) throws IOException {
        file(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(often() ? "rwxr-xr-x" : "rw-r--r--"));
    }

    private void palaces() throws IOException {
        for (Path directory : List.of(user.resolve(".mempalace"), user.resolve(".config/mempalace"), root.resolve("conf"))) {
            if (sometimes() || configured && directory.startsWith(user)) {
                file(directory.resolve("config.json"), configuration());
            }
            if (sometimes()) {
                file(directory.resolve("people_map.json"), "{}");
            }
            if (sometimes()) {
                Files.createDirectories(directory.resolve("palace"));
            }
            if (sometimes()) {
                file(directory.resolve("palace/chroma.sqlite3"), "");
            }
        }
        if (sometimes()) {
            Files.createDirectories(root.resolve("real").resolve(name()));
        }
    }

    private String configuration() {
        String path = "\"" + path().replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
        return one("{\"palace_path\": " + path + "}",
                " {\"other\": [1.5e+3, {\"palace_path\": \"/no\"}, null, true], \"palace_path\" :\n" + path + "\t} ",
                "{\"palace_path\": \"/first\", \"palace_path\": " + path + "}",
                "{\"palace_path\": " + path + ",}",
                "{\"palace_path\": " + path + "} // mine",
                "{'palace_path': " + path + "}",
                "{\"palace_path\": 7}", "{\"palace_path\": \"\"}", "{\"palace_path\": null}", "", "{", "[]", "[" + path + "]",
                "{\"palace\\u005fpath\": " + path + "}",
                "{\"palace_path\": \"/p/\\u00fc\\ud83d\\ude00\\/x\"}",
                "{\"palace_path\": \"/p/tab\there\"}",
                "{\"a\": 01, \"palace_path\": " + path + "}",
                "{\"a\": .5, \"palace_path\": " + path + "}",
                "{\"a\": \"\\x\", \"palace_path\": " + path + "}",
                "{\"a\": " + "[".repeat(20) + "]".repeat(20) + ", \"palace_path\": " + path + "}");
    }

    private void links() throws IOException {
        for (String link : List.of("link", "work/l", "real/l", "user-link")) {
            Path at = root.resolve(link);
            if (often() && !Files.exists(at, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectories(at.getParent());
                Files.createSymbolicLink(at, Path.of(one("real", "../real", root + "/real/./x/..", "link", "../link", "l",
                        user.toString(), root + "/nowhere/deep", "../nowhere/../real/" + name(),
                        "real/l", "../work/l", root + "/link/" + name(), root + "/link", ".", "..", user + "/.mempalace/palace")));
            }
        }
        if (sometimes() && !Files.exists(user.resolve(".mempalace"))) {
            Files.createSymbolicLink(user.resolve(".mempalace"), Path.of(one(root + "/elsewhere", "../work", "real")));
        }
    }

    private void programs() throws IOException {
        for (String directory : List.of("bin", "bin2", "wörk bin", "work/tools")) {
            Path at = Files.createDirectories(root.resolve(directory));
            if (often()) {
                server(at.resolve("mempalace-mcp"));
            }
            if (sometimes()) {
                Files.createSymbolicLink(at.resolve("mpx"), mpx);
            }
            if (sometimes()) {
                program(at.resolve("npx"), "#!/bin/sh\n");
            }
        }
    }

    private void server(Path at) throws IOException {
        switch (chance.nextInt(8)) {
            case 0 -> Files.createSymbolicLink(at, mpx);
            case 1 -> Files.copy(mpx, at);
            case 2 -> program(at, "#!/bin/sh\n# mpx-launcher-marker\n");
            case 3 -> program(at, "#!/bin/sh\n" + "#".repeat(1024 - 10 - chance.nextInt(40)) + "mpx-launcher-marker\n");
            case 4 -> program(at, one("\177ELF", "\177ELE") + "x".repeat(chance.nextInt(3000)) + "mpx-launcher-marker");
            case 5 -> Files.createDirectories(at);
            default -> program(at, "#!/usr/bin/python3\nimport mempalace\n");
        }
    }

    // ---- what it is started with

    /** Some name of some place, sensible or not. */
    private String path() {
        String base = one("", "~", "~/", "~user/", "./", "../", "../../../../../../../../", root + "/", user + "/", root + "//real/", root + "/link/",
                "l/", root + "/nowhere/../", "/p/", "/", user + "/.mempalace/palace", user + "/.config/mempalace/palace",
                user + "/.mempalace/../.mempalace/");
        String rest = one("", name(), name() + "/", name() + "/../" + name(), "./" + name() + "//" + name(), "../" + name(), "palace", "..", ".",
                "l/" + name(), "l/../" + name());
        return base + rest;
    }

    private String value() {
        return one("", " ", "\u3000\t", "\u00a0", path(), path(), path(), path());
    }

    private void variables() {
        if (often()) {
            variables.put("HOME", one(user.toString(), user.toString(), user + "/", user + "//.", root + "/link", root + "/work/../" + user.getFileName(),
                    "user", "", "/"));
        }
        if (often()) {
            List<String> path = new ArrayList<>();
            for (int i = chance.nextInt(5); i >= 0; i--) {
                path.add(one(root + "/bin", root + "/bin2", root + "/wörk bin/", "tools", ".", "", "../bin", root + "/link", root + "/nowhere", " "));
            }
            variables.put("PATH", String.join(":", path));
        }
        for (String name : List.of("MEMPALACE_PALACE_PATH", "MEMPALACE_PALACE", "MEMPAL_PALACE_PATH", "XDG_CONFIG_HOME", "MEMPALACE_CONFIG_DIR")) {
            if (chance.nextInt(5) == 0 && !configured) {
                variables.put(name, name.endsWith("DIR") && often() ? one(root + "/conf", "../conf", user + "/.config/mempalace") : value());
            }
        }
    }

    /** Some endpoint, sensible or not. */
    private String endpoint() {
        String host = one("host", "host.docker.internal", "127.0.0.1", "[::1]", "[fe80::1%eth0]", "::1", "[::1", "ho st", "-host", "", "h]", "ü", "[]", "[a]b");
        String port = one("", ":22", ":7391", ":0", ":65535", ":65536", ":+80", ":-1", ":080", ":", ":x", ":1:2", ":99999999999");
        String query = one("", "", "?home=/h", "?home=", "?home=/a%20b", "?home=/%c3%bc/+x", "?home=/a&b=c", "?port=1", "?home=rel/%2f%2F", "?home=/%4", "?home=/%zz", "?", "/", "/path");
        return switch (chance.nextInt(5)) {
            case 0 -> one("unix:", "unix://", "unix:///", "unix:/", "Unix:", "unix: ", "unix:./") + one("s", "/run//x/", "a b/ü", "", "../s", path());
            case 1 -> one("tcp://", "tcp://", "tcp:", "tcp:/", "TCP://") + host + port + (sometimes() ? query : "");
            case 2, 3 -> "ssh://" + one("", "", "user@", "us er@", "u@v@", "@", "-u@", "u:p@", "u$(id)@", "u\u0007@", "d\\u@", "ü.u-1@") + host + port + query;
            default -> one("http://host", "ssh:host", "/path", "host:22", "\"", " ", "none");
        };
    }

    private void endpoints() throws IOException {
        if (chance.nextInt(5) == 0) {
            variables.put("MEMPALACE_BROKER", often() ? endpoint() : value());
        }
        if (chance.nextInt(5) == 0) {
            String key = one("endpoint", "\"endpoint\"", "endpoint ", "\"endpoint", "end.point", "'endpoint'");
            String value = one("\"%s\"", "'%s'", "\"%s\" # comment", "\"%s\" more", "%s", "\"\"\"%s\"\"\"").formatted(endpoint().replace("\"", "'"));
            file(user.resolve(".config/mpx/mpx.toml"), one("", "# comment\n", "token = 7\n", "[guest]\n") + key + "=" + value + "\nowner = \"here\"\n");
        }
        if (sometimes()) {
            String record = "{\"pid\": %s, \"bootId\": \"other\", \"endpoints\": [%s], \"guests\": [\"tcp://h:1\"]}".formatted(
                    one("1", "1", "1.5", "\"1\""), one("", "7", "\"unix:/s\"", "\"tcp://h:1\", \"unix:/s//t\"", "\"unix:s\"", "\"unix:///u\", \"unix:/v\""));
            Path home = user.resolve(".mempalace");
            if (Files.exists(home) || !Files.isSymbolicLink(home)) { // one that leads nowhere stays one
                file(home.resolve("broker.json"), record);
            }
        }
    }

    private void words() {
        if (sometimes()) {
            words.add("connect");
        }
        if (chance.nextInt(6) == 0) {
            String endpoint = endpoint();
            words.addAll(one(List.of("--endpoint", endpoint), List.of("--endpoint=" + endpoint), List.of("--endpoint")));
        }
        if (configured) {
            words.addAll(one(List.of(), List.of("--", "uvx", "mempalace-mcp"), List.of("--", "python3", "-m", "mempalace.mcp_server")));
            return;
        }
        home();
        if (often()) {
            server(words);
        } else {
            arguments(words);
            home();
        }
    }

    private void home() {
        if (sometimes()) {
            String directory = path();
            words.addAll(one(List.of("--home", directory), List.of("--home=" + directory)));
        }
    }

    private void arguments(List<String> into) {
        for (int i = chance.nextInt(3); i > 0; i--) {
            into.addAll(one(List.of("--palace", path()), List.of("--palace=" + path()), List.of("--read-only"), List.of("--palace"), List.of(""), List.of(name())));
        }
    }

    private void server(List<String> into) {
        into.add("--");
        switch (chance.nextInt(6)) {
            case 0 -> into.add(one("mempalace-mcp", "./mempalace-mcp", root + "/bin/mempalace-mcp", root + "/bin2/../bin2//mempalace-mcp",
                    "tools/mempalace-mcp", "mempalace-mcp/", "/nowhere/mempalace-mcp"));
            case 1 -> into.addAll(one(List.of("python3", "-m", "mempalace.mcp_server"), List.of("mempalace.mcp_server"),
                    List.of("python3", "-m", "other.server"), List.of("./python", "-u", "-m", "mempalace.mcp_server")));
            case 2 -> {
                into.add("env");
                for (int i = chance.nextInt(3); i >= 0; i--) {
                    into.add(one("MEMPALACE_PALACE_PATH=", "MEMPALACE_PALACE=", "MEMPAL_PALACE_PATH=", "MEMPALACE_PALACE_PATHS=", "OTHER=") + value());
                }
                into.add(one("mempalace-mcp", "uvx", root + "/bin/mempalace-mcp"));
            }
            case 3 -> into.addAll(one(List.of("uvx", "--from", "mempalace", "mempalace-mcp"), List.of("npx", "-y", name()), List.of("npx")));
            case 4 -> into.add(one("mpx", root + "/bin/mpx", mpx.toString(), "../bin2/mpx", "", "/", "./", "..", "no/such/", ".dot", "a.b-c_d",
                    name(), "ü".repeat(50), "😀".repeat(30), "x" + "😀".repeat(30), "n".repeat(60)));
            default -> into.addAll(List.of(one("node", "./node", "sub/node", root + "/link/node"), path(), name()));
        }
        arguments(into);
    }
}
