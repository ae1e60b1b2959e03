package dev.mpx.proxy.storm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.fixtures.palace.DemoPalace;
import dev.mpx.proxy.whole.OsProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The demo palace, which says when two of it are alive at once, under the name of the real server. Around it is a shell
 * that leaves a process in its session, one in a session of its own, and an orphan in yet another: what a guard that only
 * ends its child would leave behind.
 */
final class DemoGround implements Ground {
    private static final String SCRIPT = """
            #!/bin/sh
            ulimit -c 0
            sleep 900 </dev/null >/dev/null 2>&1 &
            setsid sleep 900 </dev/null >/dev/null 2>&1 &
            ( setsid sleep 900 </dev/null >/dev/null 2>&1 & )
            exec %s "$@"
            """;

    private final Path palace;
    private final Path script;

    private DemoGround(Path palace, Path script) {
        this.palace = palace;
        this.script = script;
    }

    static DemoGround in(Path directory) throws IOException {
        return in(directory, SCRIPT);
    }

    /** @param shell the program that runs the palace; {@code %s} is the palace's command without its arguments */
    static DemoGround in(Path directory, String shell) throws IOException {
        return write(directory, directory.resolve("palace"), shell);
    }

    /** The palace that {@code mpx} serves to that user without being told anything, once {@code bin} is on the path. */
    static DemoGround ofUser(Path userHome) throws IOException {
        Path palace = userHome.resolve(".mempalace/palace");
        return write(userHome, palace, SCRIPT.replace("\"$@\"", "--palace '" + palace + "'"));
    }

    private static DemoGround write(Path directory, Path palace, String shell) throws IOException {
        List<String> all = DemoPalace.command(palace);
        String java = all.subList(0, all.indexOf("--palace")).stream()
                .map(word -> "'" + word + "'").collect(Collectors.joining(" "));
        Path script = Files.createDirectories(directory.resolve("bin")).resolve("mempalace-mcp");
        Files.writeString(script, shell.formatted(java));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        return new DemoGround(palace, script);
    }

    Path palace() {
        return palace;
    }

    @Override
    public List<String> server() {
        return List.of(script.toString(), "--palace", palace.toString());
    }

    @Override
    public boolean isServer(OsProcess process) {
        List<String> words = process.commandLine();
        return !words.isEmpty() && words.get(0).endsWith("java") && words.contains(DemoPalace.class.getName())
                && words.contains(palace.toString());
    }

    @Override
    public Map<String, Long> facts() throws SQLException {
        return SqliteFile.count(DemoPalace.file(palace), "SELECT subject, count(*) FROM facts GROUP BY subject");
    }

    @Override
    public void inspect() throws SQLException, IOException {
        Path breach = DemoPalace.breachFile(palace);
        assertThat(Files.exists(breach) ? Files.readString(breach) : "").as("two writers").isEmpty();
        assertThat(SqliteFile.integrity(DemoPalace.file(palace))).isEqualTo("ok");
    }
}
