package dev.mpx.proxy.home;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tells TCP connections whose other side acknowledges nothing of what was sent. Keepalive is no help there: Linux sends none while
 * data is under way, and gives up on that after some 15 minutes; Java 17 can't set TCP_USER_TIMEOUT, which would say otherwise
 * (tcp(7)). So this reads how often the kernel has tried again in vain ({@code /proc/net/tcp}): to send the same data
 * (timer 1, column {@code retrnsmt}), or to get any out at all (timer 4, column {@code timeout}: where there is no route any more,
 * and where the peer has no room; but one that lives answers each of those). Where there is no such file nobody is found
 * silent. Not thread-safe.
 */
public final class TcpSilence {
    /** As long as keepalive takes to notice a peer that is gone. */
    public static final Duration LIMIT = Duration.ofSeconds(14);
    /** How often to look. */
    public static final Duration LOOK = Duration.ofSeconds(2);

    private static final int REMOTE = 2;
    private static final int STATE = 3;
    private static final int TIMER = 5;
    private static final int RETRANSMITS = 6;
    private static final int PROBES = 8;
    private static final int LOCAL = 1;
    private static final String ESTABLISHED = "01";
    private static final String RETRANSMITTING = "01:";
    private static final String PROBING = "04:";
    private static final int HEX = 16;

    /** Both ends of one. */
    public record Connection(InetSocketAddress local, InetSocketAddress remote) {}

    private record Silent(long since, int again) {}

    private final List<Path> tables;
    private Map<Connection, Silent> silent = new HashMap<>();

    public TcpSilence() {
        this(List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6")));
    }

    TcpSilence(List<Path> tables) {
        this.tables = tables;
    }

    /**
     * Looks. Blocks for a moment.
     *
     * @param now by the system's timer, in nanoseconds
     * @return those of the connections that have acknowledged nothing for {@link #LIMIT}, as far as earlier looks can tell
     */
    public List<Connection> look(Collection<Connection> connections, long now) {
        Map<Connection, Integer> tried = vainTries();
        Map<Connection, Silent> still = new HashMap<>();
        List<Connection> over = new ArrayList<>();
        for (Connection one : connections) {
            Integer count = tried.get(one);
            if (count == null) {
                continue;
            }
            Silent before = silent.get(one);
            // fewer than before: something was acknowledged meanwhile
            Silent present = new Silent(before == null || count < before.again() ? now : before.since(), count);
            still.put(one, present);
            if (now - present.since() >= LIMIT.toNanos()) {
                over.add(one);
            }
        }
        silent = still;
        return over;
    }

    private Map<Connection, Integer> vainTries() {
        Map<Connection, Integer> found = new HashMap<>();
        for (Path table : tables) {
            try {
                for (String line : Files.readAllLines(table)) {
                    String[] fields = line.strip().split(" +");
                    int count = fields.length > PROBES && fields[STATE].equals(ESTABLISHED) ? tries(fields) : 0;
                    if (count > 0) {
                        found.put(new Connection(address(fields[LOCAL]), address(fields[REMOTE])), count);
                    }
                }
            } catch (IOException | RuntimeException notThere) {
                // or of a form that is not known
            }
        }
        return found;
    }

    private static int tries(String[] fields) {
        return fields[TIMER].startsWith(RETRANSMITTING) ? Integer.parseInt(fields[RETRANSMITS], HEX)
                : fields[TIMER].startsWith(PROBING) ? Integer.parseInt(fields[PROBES])
                : 0;
    }

    /** Groups of four bytes, each in the machine's own order, which is the small end first wherever this runs. */
    private static InetSocketAddress address(String written) throws UnknownHostException {
        int colon = written.indexOf(':');
        byte[] bytes = new byte[colon / 2];
        for (int i = 0; i < bytes.length; i++) {
            int from = (i / 4 * 4 + 3 - i % 4) * 2;
            bytes[i] = (byte) Integer.parseInt(written.substring(from, from + 2), HEX);
        }
        // of a mapped IPv4 address Java makes that address by itself
        return new InetSocketAddress(InetAddress.getByAddress(bytes), Integer.parseInt(written.substring(colon + 1), HEX));
    }
}
