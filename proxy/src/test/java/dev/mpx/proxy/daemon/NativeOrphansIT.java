package dev.mpx.proxy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.framing.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The native program, which ends orphaned mines, takes the same processes for mines of the same palace as the daemon, which names them. A
 * line is a command line; what stands before a bar are variables, with U/ for the user's directory.
 */
class NativeOrphansIT {
    private static final String MINES = """
            mempalace mine x
            /opt/venv/bin/mempalace mine x
            ./mempalace mine
            python -m mempalace mine x
            python3.11 -u -m mempalace mine x
            /usr/bin/python3 /opt/bin/mempalace mine x
            python -W ignore -X dev -m mempalace.cli mine x
            pypy3 -m mempalace.__main__ mine x
            sh /opt/bin/mempalace mine x
            bash -x mempalace mine x
            dash mempalace mine
            zsh -e mempalace mine
            mempalace --palace p mine x
            mempalace --palace=p mine x
            mempalace --pal p mine x
            mempalace --p p mine x
            mempalace --palace p --palace q mine x
            mempalace --backend chroma mine x
            mempalace --backend=chroma mine x
            mempalace --b chroma --palace U/p mine x
            mempalace -v mine x
            mempalace --palace U/p/../q mine x
            mempalace --palace= mine x
            mempalace --palace ~/p mine x
            mempalace mine x --palace p
            mempalace mine --palace=p x
            mempalace -- mine x
            mempalace --palace mine mine x
            mempalace --quiet=mine mine x
            mempalace mine --daemon
            python /opt/bin/mempalace --palace U/link mine x
            """;
    private static final String OTHERS = """
            mempalace
            mempalace status mine
            mempalace search mine
            mempalace --palace mine status
            mempalace --backend mine search x
            mempalace --palace mine
            mempalace-mcp mine
            mempalace.py mine x
            python mempalace.py mine x
            python -m mempalacex mine x
            python -m mempalace_mine x
            python -m
            python
            python -c mempalace mine x
            python -W mempalace mine
            python other.py mempalace mine x
            grep mempalace mine
            env mempalace mine x
            timeout 5 mempalace mine x
            nohup mempalace mine x
            nice -n 5 mempalace mine x
            setsid mempalace mine x
            uvx mempalace mine x
            stdbuf -o0 mempalace mine
            time mempalace mine
            sh -c sleep;mempalace mempalace mine
            bash other mempalace mine
            mempalace mined x
            mempalace Mine x
            mempalace - x
            mempalace/ mine x
            perl mempalace mine x
            -python mempalace mine x
            mpx run -- mempalace mine x
            mpx guard --job 7 --stay -- mempalace mine x
            mpx guard --lock f -- mempalace mine x
            x guard -- --lock
            mpx guard
            guard --lock
            mpx guard --term-ms 5 -- --job 7
            mempalace guard --job 3 mine x
            """;
    private static final String VARIABLES = """
            MEMPALACE_PALACE_PATH=U/q
            MEMPALACE_PALACE_PATH=q
            MEMPALACE_PALACE_PATH=~/q
            MEMPALACE_PALACE_PATH=
            MEMPALACE_PALACE=U/q
            MEMPAL_PALACE_PATH=U/q
            MEMPALACE_PALACE_PATH=U/q;MEMPALACE_PALACE=U/p
            MEMPALACE_CONFIG_DIR=U/config
            MEMPALACE_CONFIG_DIR=U/none
            XDG_CONFIG_HOME=U/config
            HOME=
            HOME=relative
            HOME=U/other
            HOME=/
            MEMPALACE_PALACE_PATH=U/link
            MEMPALACE_PALACE_PATH=U/q;HOME=
            """;

    @TempDir
    Path directory;

    private Path user;

    @BeforeEach
    void prepare() throws IOException {
        user = directory.toRealPath();
        for (String name : List.of("p", "q", "config", ".mempalace", "other/.config")) {
            Files.createDirectories(user.resolve(name));
        }
        Files.createSymbolicLink(user.resolve("link"), user.resolve("p"));
        Files.writeString(user.resolve("config/config.json"), "{\"palace_path\":\"" + user.resolve("q") + "\"}");
    }

    static Stream<Arguments> situations() {
        List<Arguments> all = new ArrayList<>();
        MINES.lines().forEach(line -> all.add(Arguments.of(true, line)));
        OTHERS.lines().forEach(line -> all.add(Arguments.of(false, line)));
        VARIABLES.lines().forEach(variables -> List.of("mempalace mine x", "python -m mempalace --palace p mine x")
                .forEach(line -> all.add(Arguments.of(!variables.matches(".*HOME=(relative)?"), variables + "|" + line))));
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("situations")
    void bothSayTheSame(boolean isMine, String situation) throws Exception {
        String meant = situation.replace("U/", user + "/");
        int bar = meant.indexOf('|');
        Map<String, String> variables = new HashMap<>(Map.of("HOME", user.toString(), "PATH", "/usr/bin:/bin"));
        for (String entry : bar < 0 ? new String[0] : meant.substring(0, bar).split(";")) {
            variables.put(entry.substring(0, entry.indexOf('=')), entry.substring(entry.indexOf('=') + 1));
        }
        List<String> words = List.of(meant.substring(bar + 1).split(" "));
        List<String> question = new ArrayList<>(List.of("mine"));
        question.addAll(words);
        JsonValue natively = NativeRules.ask(user, variables, question);
        String palace = OrphanSearch.mined(words, variables, user).map(mined -> mined.path().toString()).orElse("none");
        assertThat(natively.get("palace").orElseThrow().text()).contains(palace);
        assertThat(natively.get("guard").orElseThrow().toString()).isEqualTo(Boolean.toString(OrphanSearch.isGuard(words)));
        assertThat(!palace.equals("none")).as(situation + " mines " + palace).isEqualTo(isMine);
    }
}
