package dev.mpx.proxy.daemon;

import dev.mpx.proxy.home.Environment;
import dev.mpx.proxy.home.Home;
import dev.mpx.proxy.home.ProcFiles;
import dev.mpx.proxy.status.TakenPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A TCP port that a home's daemon would listen on.
 *
 * @param section of the settings that names it
 * @param purpose who is served there
 */
public record WantedPort(String section, String purpose, InetSocketAddress address) {
    private static final int LONGEST_COMMAND = 120;

    /**
     * Those that the settings name; one that may be any is none.
     *
     * @throws dev.mpx.proxy.home.HomeException if a setting is unusable
     */
    public static List<WantedPort> of(Home home, Environment environment) {
        Settings settings = Settings.load(home, environment);
        List<WantedPort> ports = new ArrayList<>();
        settings.tcp().filter(tcp -> tcp.port() > 0).map(tcp -> forGuests(tcp.address())).ifPresent(ports::add);
        settings.metricsPort().map(WantedPort::forMetrics).ifPresent(ports::add);
        return ports;
    }

    static WantedPort forGuests(InetSocketAddress address) {
        return new WantedPort("tcp", "guests", address);
    }

    static WantedPort forMetrics(int port) {
        return new WantedPort("metrics", "metrics", new InetSocketAddress(loopback(), port));
    }

    private static InetAddress loopback() {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Address and port, and for what it is. */
    public String text() {
        return hostAndPort() + " for " + purpose;
    }

    private String hostAndPort() {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    /** Whether it can't be listened on at this moment. Blocks for as long as it takes to look at all processes, if it can't. */
    public Optional<TakenPort> taken() {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(address);
            return Optional.empty();
        } catch (IOException refused) {
            return Optional.of(taken(refused));
        }
    }

    /** The same, but that the home's own daemon may have it. @param daemon its process; empty where none runs */
    public Optional<TakenPort> takenByOther(OptionalLong daemon) {
        return taken().filter(taken -> daemon.isEmpty() || PortHolder.canBeTold() && !taken.pid().equals(daemon));
    }

    /** The same, where listening has just failed. */
    TakenPort taken(Throwable refused) {
        String why = Optional.ofNullable(refused.getMessage()).orElse(refused.toString());
        OptionalLong pid = PortHolder.of(address);
        return new TakenPort(section, purpose, hostAndPort(), why, pid,
                pid.isPresent() ? Optional.of(describe(pid.getAsLong())) : Optional.empty());
    }

    private static String describe(long pid) {
        String command = String.join(" ", ProcFiles.commandLine(pid));
        return "pid " + pid + " (" + (command.length() > LONGEST_COMMAND ? command.substring(0, LONGEST_COMMAND) + "…" : command) + ")";
    }
}
