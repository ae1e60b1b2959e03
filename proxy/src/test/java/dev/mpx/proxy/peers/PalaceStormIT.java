package dev.mpx.proxy.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.proxy.Alone;
import dev.mpx.proxy.storm.Ground;
import dev.mpx.proxy.storm.SqliteFile;
import dev.mpx.proxy.storm.Storm;
import dev.mpx.proxy.whole.OsProcess;
import dev.mpx.proxy.whole.UserHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The storm of {@code dev.mpx.proxy.storm} over the real MemPalace. */
@RealPeers
@Alone
class PalaceStormIT {
    @RegisterExtension
    final UserHome user = new UserHome();

    @Test
    void theRealPalaceHasOneWriterAndItsFilesStayIntact() throws Exception {
        try (Storm storm = new Storm(user, new MemPalace(user.directory().resolve("palace")))) {
            storm.rage();
        }
    }

    /** It stores a triple once, however often it is told: a write that is repeated can't be seen in its file. */
    private record MemPalace(Path palace) implements Ground {
        @Override
        public List<String> server() {
            String program = Installation.mempalace("current").resolve("mempalace-mcp").toString();
            return List.of(program, "--palace", palace.toString());
        }

        @Override
        public boolean isServer(OsProcess process) {
            List<String> words = process.commandLine();
            return words.size() > 1 && Path.of(words.get(0)).getFileName().toString().startsWith("python")
                    && words.get(1).endsWith("/mempalace-mcp") && words.contains(palace.toString());
        }

        @Override
        public Map<String, Long> facts() throws SQLException {
            return SqliteFile.count(palace.resolve("knowledge_graph.sqlite3"),
                    "SELECT s.name, count(*) FROM triples t JOIN entities s ON s.id = t.subject GROUP BY s.name");
        }

        @Override
        public void inspect() throws SQLException, IOException {
            for (Path file : files()) {
                String name = file.getFileName().toString();
                assertThat(name).doesNotContain(".corrupt").doesNotContain(".drift");
                if (name.endsWith(".sqlite3")) {
                    assertThat(SqliteFile.integrity(file)).as(name).isEqualTo("ok");
                }
            }
        }

        private List<Path> files() throws IOException {
            try (Stream<Path> all = Files.walk(palace)) {
                return all.toList();
            }
        }
    }
}
