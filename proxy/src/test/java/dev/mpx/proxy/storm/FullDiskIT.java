package dev.mpx.proxy.storm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mpx.fixtures.client.JsonResponse;
import dev.mpx.fixtures.client.McpClient;
import dev.mpx.proxy.Alone;
import dev.mpx.proxy.whole.Run;
import dev.mpx.proxy.whole.OsProcess;
import dev.mpx.proxy.whole.UserHome;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The disk with home and palace is full. Needs the right to mount a small file system in memory; else it is skipped. */
@Timeout(120)
@Alone
class FullDiskIT {
    @RegisterExtension
    final UserHome user = new UserHome();

    private Path disk;
    private boolean mounted;
    private DemoGround ground;

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createDirectories(user.directory().resolve("disk"));
        Run mount = Run.of(List.of("mount", "-t", "tmpfs", "-o", "size=8m,mode=700", "tmpfs", disk.toString()),
                user.environment(), user.directory());
        mounted = mount.status() == 0;
        Assumptions.assumeTrue(mounted, "no small disk can be mounted here: " + mount.stderr());
        ground = DemoGround.in(disk);
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            Run.of(List.of("umount", "-l", disk.toString()), user.environment(), user.directory());
        }
    }

    private McpClient open() {
        List<String> words = new ArrayList<>(List.of("--home", disk.resolve("h").toString(), "--"));
        words.addAll(ground.server());
        McpClient client = user.started(words).open();
        client.initialize();
        return client;
    }

    private Path fill() throws IOException {
        Path filler = disk.resolve("filler");
        byte[] block = new byte[4096];
        try (OutputStream out = Files.newOutputStream(filler)) {
            while (true) {
                out.write(block);
            }
        } catch (IOException full) {
            return filler;
        }
    }

    @Test
    void whatIsAcknowledgedOnAFullDiskIsThereAndWhatIsNotIsAnError() throws Exception {
        List<String> acknowledged = new ArrayList<>();
        int errors = 0;
        try (McpClient client = open()) {
            Facts facts = new Facts(client);
            assertThat(facts.add("first").isError()).isFalse();
            Path filler = fill();
            for (int i = 0; i < 20; i++) {
                JsonResponse answer = facts.add("full-" + i, "x".repeat(20_000));
                if (answer.isError()) {
                    errors++;
                } else {
                    acknowledged.add("full-" + i);
                }
            }
            Files.delete(filler);
            await().atMost(Duration.ofSeconds(20)).until(() -> !facts.add("room again").isError());
        }
        assertThat(errors).isPositive();
        assertThat(ground.facts()).containsKeys("first", "room again");
        assertThat(ground.facts().keySet()).containsAll(acknowledged);
        ground.inspect();
    }

    @Test
    void serverAndDaemonThatDieOnAFullDiskAreFollowedByOthersOnceThereIsRoom() throws Exception {
        Path filler;
        try (McpClient client = open()) {
            Facts facts = new Facts(client);
            assertThat(facts.add("first").isError()).isFalse();
            filler = fill();
            new Scene(user, ground).server().orElseThrow().signal("KILL");
            user.daemons().forEach(OsProcess::kill);
            await().until(() -> user.daemons().isEmpty());
        }
        try (McpClient client = open()) {
            // Whether it works or not, it is answered.
            assertThat(new Facts(client).add("on a full disk").message().has("id")).isTrue();
        }
        Files.delete(filler);
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            try (McpClient client = open()) {
                return !new Facts(client).add("room again").isError();
            }
        });
        assertThat(ground.facts()).containsKeys("first", "room again");
        ground.inspect();
    }
}
