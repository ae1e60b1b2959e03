package dev.mpx.proxy.forward;

import dev.mpx.proxy.guest.HostCommand;
import dev.mpx.proxy.home.Endpoint;
import dev.mpx.proxy.home.ForwardHome;
import dev.mpx.proxy.home.ProcessIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The way from the socket here to the daemon on the host: a connection, what is forwarded by it, and the record of both for
 * whoever has to clear up if this process can't. What of it is still good is used again. One thread; blocks.
 */
final class Way {
    /** The daemon there may have to be started. */
    private static final Duration ENSURE = Duration.ofSeconds(60);
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final Duration CONNECT = Duration.ofSeconds(20);
    /** What means something in {@code -L local:remote}. */
    private static final String SPECIAL = "%$:\\[]";

    private final OpenSsh ssh;
    private final Endpoint.Ssh endpoint;
    private final ForwardHome home;
    private final HostCommand host;
    private final boolean mayAsk;
    private Optional<Master> master = Optional.empty();
    private Optional<String> forwarded = Optional.empty();
    /** Whether the user's connection has shown that it leads nowhere. */
    private boolean mistrustsUsers;

    Way(OpenSsh ssh, Endpoint.Ssh endpoint, ForwardHome home, boolean mayAsk) {
        this.ssh = ssh;
        this.endpoint = endpoint;
        this.home = home;
        this.host = new HostCommand(endpoint);
        this.mayAsk = mayAsk;
    }

    /** In a few words. */
    String told() {
        return master.map(one -> one.isOwn() ? "by a connection of its own" : "by your connection " + one.control()).orElse("");
    }

    /** @throws ForwardFailure if no session can be had through the socket */
    Witness open() throws ForwardFailure, InterruptedException, IOException {
        if (master.isEmpty() || !master.get().isAlive()) {
            clear();
            master = mistrustsUsers ? Optional.empty() : Master.ofUser(ssh, endpoint);
            if (master.isEmpty()) {
                master = Optional.of(Master.begin(ssh, endpoint, home.control(), mayAsk));
            }
        }
        Optional<Witness> witness = tryToOpen();
        // the daemon may have left just then
        if (witness.isEmpty()) {
            witness = tryToOpen();
        }
        if (witness.isPresent()) {
            record(Optional.empty());
            return witness.get();
        }
        if (isServedByCommand()) {
            throw new ForwardFailure(endpoint.host() + " has a daemon, but forwards no sockets: AllowStreamLocalForwarding or DisableForwarding"
                    + " in its sshd_config forbids it, or the key does (\"restrict\"). mpx forward can do nothing without; this does: MEMPALACE_BROKER="
                    + endpoint);
        }
        throw new ForwardFailure("The daemon on " + endpoint.host() + " does not answer at its socket " + forwarded.orElse("") + ".");
    }

    private Optional<Witness> tryToOpen() throws ForwardFailure, InterruptedException, IOException {
        String door = ensure();
        if (!forwarded.equals(Optional.of(door)) || !Files.exists(home.socket())) {
            cancel();
            forward(door);
        }
        try {
            return Optional.of(Witness.open(home.socket(), ANSWER));
        } catch (IOException nobody) {
            return Optional.empty();
        }
    }

    private String ensure() throws ForwardFailure, InterruptedException {
        Outcome outcome = master.orElseThrow().run(host.ensure(), "", ENSURE);
        Optional<String> door = host.door(outcome.status(), outcome.stdout());
        if (door.isPresent()) {
            return door.get();
        }
        if (outcome.status().isEmpty() && !master.get().isOwn()) {
            mistrustsUsers = true;
            master = Optional.empty();
            throw new ForwardFailure("Your connection to " + endpoint.host() + " does not answer; mpx makes one of its own.");
        }
        if (outcome.status().orElse(255) == 255) { // ssh's own
            throw Complaint.of(endpoint, outcome.stderr(), mayAsk);
        }
        throw new ForwardFailure(host.complaint(outcome.status(), outcome.stdout(), outcome.stderr()));
    }

    private void forward(String door) throws ForwardFailure, InterruptedException, IOException {
        for (String path : List.of(home.socket().toString(), door)) {
            if (path.chars().anyMatch(c -> SPECIAL.indexOf(c) >= 0)) {
                throw new ForwardFailure("ssh can't forward between sockets of such a name: " + path + ". This does without: MEMPALACE_BROKER=" + endpoint);
            }
        }
        Files.deleteIfExists(home.socket());
        forwarded = Optional.of(door);
        record(Optional.empty());
        Outcome outcome = master.orElseThrow().forward(home.socket(), door);
        if (!outcome.isWell()) {
            throw new ForwardFailure("ssh does not listen on " + home.socket() + ": " + outcome.stderr().strip());
        }
    }

    /** Whether the daemon is there after all, and it is the forwarding that fails. */
    private boolean isServedByCommand() throws InterruptedException {
        return master.orElseThrow().run(host.connect(), Witness.ping(), CONNECT).stdout().contains("\"result\"");
    }

    /** Says of it for others how it stands. */
    void record(Optional<String> trouble) throws IOException {
        new ForwardRecord(ProcessIdentity.of(ProcessHandle.current().pid()).orElseThrow(), master.map(Master::control),
                master.map(Master::isOwn).orElse(false), forwarded, trouble).write(home.record());
    }

    private void cancel() throws InterruptedException {
        if (forwarded.isPresent() && master.isPresent()) {
            master.get().cancel(home.socket(), forwarded.get());
        }
        forwarded = Optional.empty();
    }

    private void clear() throws InterruptedException, IOException {
        Files.deleteIfExists(home.socket());
        forwarded = Optional.empty();
        if (master.isPresent()) {
            master.get().end();
        }
        master = Optional.empty();
    }

    /** Undoes all of it. */
    void close() throws InterruptedException, IOException {
        Files.deleteIfExists(home.socket()); // first, so that nobody connects in vain
        if (master.isPresent() && !master.get().isOwn()) {
            cancel();
        }
        clear();
        Files.deleteIfExists(home.control());
        Files.deleteIfExists(home.record());
    }

    /** Undoes what somebody has left behind who was killed. Whoever calls this holds the lock. */
    static void sweep(OpenSsh ssh, Endpoint.Ssh endpoint, ForwardHome home) throws InterruptedException, IOException {
        Optional<ForwardRecord> left = ForwardRecord.read(home.record());
        if (Files.exists(home.control())) {
            Master.at(ssh, endpoint, home.control()).endAnyway();
        }
        if (left.isPresent() && !left.get().isOwn() && left.get().control().isPresent() && left.get().remote().isPresent()) {
            Master.at(ssh, endpoint, left.get().control().get()).cancel(home.socket(), left.get().remote().get());
        }
        Files.deleteIfExists(home.socket());
        Files.deleteIfExists(home.control());
        Files.deleteIfExists(home.record());
    }
}
