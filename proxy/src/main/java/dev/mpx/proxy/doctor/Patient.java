package dev.mpx.proxy.doctor;

import dev.mpx.proxy.home.BrokerFile;
import dev.mpx.proxy.home.Environment;
import dev.mpx.proxy.home.Home;
import dev.mpx.proxy.home.Palace;
import dev.mpx.proxy.home.ServerCommand;
import dev.mpx.proxy.home.ServerRecord;
import dev.mpx.proxy.home.Unit;
import dev.mpx.proxy.shim.Discovery;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Who is looked at.
 *
 * @param home that of the server which is meant
 * @param environment of the process that asks, with the endpoint that it names
 * @param palace empty where another server is shared
 * @param server the one that is shared, where it is known
 * @param noServer why it is not, in a sentence
 */
public record Patient(Home home, Environment environment, Optional<Palace> palace, Optional<ServerCommand> server,
        Optional<String> noServer) {
    /** A search of its own for each who asks: it remembers what it found. */
    Discovery discovery() {
        return new Discovery(home, environment);
    }

    Optional<BrokerFile> broker() {
        return BrokerFile.read(home.brokerFile());
    }

    /** Those with the server's data, the palace's first. */
    List<Path> dataDirectories() {
        List<Path> known = server.map(one -> one.dataDirectories(environment)).orElse(List.of());
        return known.isEmpty() ? palace.map(one -> List.of(one.path())).orElse(List.of()) : known;
    }

    /** An mpx command for this home, to be pasted into a shell. */
    String command(String words) {
        return "mpx " + words + home.option(environment);
    }

    /** What replaces the daemon: its service's own command where it is one's. */
    String restart() {
        boolean isUsual = ServerRecord.of(home).map(record -> record.server(environment).isUsual()).orElse(true);
        return Unit.of(home).map(Unit::restart).orElseGet(() -> isUsual ? command("restart") : "mpx restart" + home.option());
    }
}
