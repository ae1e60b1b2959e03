package dev.mpx.proxy.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.fixtures.client.McpClient;
import dev.mpx.proxy.whole.Knock;
import dev.mpx.proxy.whole.OsProcess;
import dev.mpx.proxy.whole.Run;
import dev.mpx.proxy.whole.UserHome;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Another user of the host, and one of the container, at every socket and every port that any process of mpx listens at: what
 * there is, is looked up, not known beforehand.
 */
@Timeout(120)
class EveryDoorIT {
    private static final String STRANGER = "65534";

    @RegisterExtension
    final HostAndContainer sides = new HostAndContainer();

    private Path classes;

    /** Of a user's process on one side. */
    private record Door(boolean isInside, String name) {
        boolean isPort() {
            return name.matches("\\d+");
        }
    }

    @BeforeEach
    void everythingRuns() throws Exception {
        // the stranger's program stands where everybody may read it
        classes = Files.createDirectories(sides.inside().directory().resolve("open"));
        String file = Knock.class.getName().replace('.', '/') + ".class";
        Path copy = classes.resolve(file);
        Files.createDirectories(copy.getParent());
        try (InputStream original = Knock.class.getClassLoader().getResourceAsStream(file)) {
            Files.copy(original, copy);
        }
        open(sides.inside().directory());
        open(sides.host().directory());
        sides.advertise();
        sides.settings("[tcp]\nport = 0\n");
        sides.sshd().start();
        assertThat(sides.onHost("ensure").status()).isZero();
    }

    private static void open(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    private List<Door> doors() throws IOException {
        List<Door> doors = new ArrayList<>();
        for (boolean isInside : new boolean[] {false, true}) {
            UserHome side = isInside ? sides.inside() : sides.host();
            for (OsProcess process : side.processes().toList()) {
                Doors.of(process).forEach(name -> doors.add(new Door(isInside, name)));
            }
        }
        return doors;
    }

    private String knock(Door door, String... asUser) throws Exception {
        List<String> command = new ArrayList<>(List.of(asUser));
        command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
                "-cp", classes.toString(), Knock.class.getName(), door.name()));
        return door.isInside()
                ? sides.runInside(command.toArray(String[]::new)).stdout()
                : Run.of(command, sides.host().environment(), sides.host().directory()).stdout();
    }

    private String knockAsStranger(Door door) throws Exception {
        return knock(door, "setpriv", "--reuid", STRANGER, "--regid", STRANGER, "--clear-groups");
    }

    @Test
    void noneOpensForAStrangerNeitherWithTheModesThatTheyHaveNorWithAllModesOpen() throws Exception {
        try (McpClient here = sides.hostAgent().open(); McpClient there = sides.containerAgent().open()) {
            assertThat(here.initialize().toString()).contains("serverInfo");
            assertThat(there.initialize().toString()).contains("serverInfo");
            List<Door> doors = doors();
            assertThat(doors.stream().filter(door -> !door.isInside() && !door.isPort()).map(Door::name))
                    .containsExactlyInAnyOrder(sides.mempalace() + "/broker.sock", sides.mempalace() + "/guest.sock");
            assertThat(doors.stream().filter(Door::isPort)).as("TCP").hasSize(1);
            assertThat(doors.stream().filter(Door::isInside)).as("the relay's").hasSize(1);

            for (Door door : doors) {
                assertThat(knockAsStranger(door)).as(door.toString()).startsWith(door.isPort() ? "turned away" : "not connected");
                assertThat(knock(door)).as("the owner at " + door).startsWith(door.isPort() ? "turned away" : "answered {");
            }
            openAll(doors);
            for (Door door : doors) {
                assertThat(knockAsStranger(door)).as(door + ", all modes open").startsWith("turned away");
            }
            assertThat(there.tool("echo", "{\"text\":\"well\"}").text()).isEqualTo("well");
        }
    }

    private void openAll(List<Door> doors) throws Exception {
        for (Door door : doors) {
            for (Path at = Path.of(door.name()); !door.isPort() && at != null && !at.equals(Path.of("/tmp")); at = at.getParent()) {
                List<String> chmod = List.of("chmod", "a+rwx", at.toString());
                Run run = door.isInside() ? sides.runInside(chmod.toArray(String[]::new))
                        : Run.of(chmod, sides.host().environment(), sides.host().directory());
                assertThat(run.status()).as(run.toString()).isZero();
            }
        }
    }

    @Test
    void whatMpxWritesIsForItsOwnerAlone() throws Exception {
        try (McpClient here = sides.hostAgent().open(); McpClient there = sides.containerAgent().open()) {
            assertThat(here.initialize().toString()).contains("serverInfo");
            assertThat(there.initialize().toString()).contains("serverInfo");
            List<String> open = new ArrayList<>();
            for (Path directory : List.of(sides.mempalace(), sides.inside().directory().resolve("machine/runtime"))) {
                try (Stream<Path> all = Files.walk(directory)) {
                    for (Path file : all.filter(one -> !one.endsWith("mpx.toml")).toList()) { // the test's own
                        String modes = PosixFilePermissions.toString(Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS));
                        if (!modes.endsWith("------")) {
                            open.add(modes + " " + file);
                        }
                    }
                }
            }
            assertThat(open).isEmpty();
        }
    }
}
