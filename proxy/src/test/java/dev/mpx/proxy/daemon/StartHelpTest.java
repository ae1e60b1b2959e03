package dev.mpx.proxy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.proxy.home.Environment;
import dev.mpx.proxy.home.Home;
import dev.mpx.proxy.home.ServerCommand;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What an agent is told whose server can't be started: the daemon's endpoint, the server's log, and what replaces both. */
class StartHelpTest {
    private static final Path HOME = Path.of("/home/u/h");

    private static String help(Map<String, String> variables) {
        return Service.startHelp(new DaemonOptions(new Home(HOME), new ServerCommand(List.of("/bin/srv"), Optional.empty()),
                new Environment(variables, HOME.getParent(), HOME.getParent())));
    }

    @Test
    void theEndpointTheLogAndTheCommandAreNamed() {
        assertThat(help(Map.of())).isEqualTo("What it said itself is in /home/u/h/logs/child.log. mpx's daemon listens at"
                + " unix:/home/u/h/broker.sock; `mpx restart --home /home/u/h` replaces it and the server.");
    }

    @Test
    void aServiceIsNamedAsElsewhere() {
        assertThat(help(Map.of("MPX_UNIT", "mpx-h.service"))).endsWith("; the service mpx-h.service keeps it;"
                + " `systemctl --user restart mpx-h.service` replaces it and the server.");
    }
}
