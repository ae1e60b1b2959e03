package dev.mpx.proxy.relay;

import dev.mpx.framing.JsonValue;
import dev.mpx.proxy.daemon.Stay;
import dev.mpx.proxy.daemon.Tenure;
import dev.mpx.proxy.home.BootId;
import dev.mpx.proxy.home.BrokerFile;
import dev.mpx.proxy.home.Endpoint;
import dev.mpx.proxy.home.Environment;
import dev.mpx.proxy.home.Home;
import dev.mpx.proxy.home.MachineName;
import dev.mpx.proxy.home.ProcessIdentity;
import dev.mpx.proxy.home.SocketPath;
import dev.mpx.proxy.home.Succession;
import dev.mpx.proxy.home.Version;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One relay at work: its socket, its clients, and the way to the host. */
final class RelayService implements Tenure.Incumbent {
    private static final Logger LOG = LoggerFactory.getLogger(RelayService.class);
    /** A client that does not read what is left for it has this long. */
    private static final long LINGER_SECONDS = 5;

    private final Endpoint.Ssh endpoint;
    private final Home home;
    private final Stay stay;
    private final Instant started = Instant.now();
    private final LocalLoop loop;
    private final Uplink uplink;
    private final Door door;
    private final BrokerFile broker;
    private final Set<LocalClient> clients = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<String> leaving = new CompletableFuture<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "relay-clock");
        thread.setDaemon(true);
        return thread;
    });
    private Optional<Future<?>> idle = Optional.empty();

    private RelayService(Endpoint.Ssh endpoint, Home home, Environment environment, LocalLoop loop) throws IOException {
        this.endpoint = endpoint;
        this.home = home;
        this.stay = Stay.of(home, environment);
        this.loop = loop;
        this.uplink = new Uplink(endpoint, environment);
        Path socket = SocketPath.broker(home, environment);
        door = Door.open(socket, loop, this::accept);
        broker = new BrokerFile(
                Version.current(),
                ProcessHandle.current().pid(),
                started,
                BootId.current(),
                List.of(new Endpoint.Unix(socket).toString()),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                List.of(endpoint.toString()),
                ProcessIdentity.of(ProcessHandle.current().pid()),
                Optional.empty());
        broker.write(home.brokerFile());
        clientsChanged();
    }

    /** Whoever calls this holds the lock of the election. */
    static RelayService open(Endpoint.Ssh endpoint, Home home, Environment environment) throws IOException {
        LocalLoop loop = LocalLoop.start();
        try {
            RelayService service = new RelayService(endpoint, home, environment, loop);
            LOG.info("relaying to {}", endpoint);
            return service;
        } catch (IOException | RuntimeException e) {
            loop.close();
            throw e;
        }
    }

    private void accept(SocketChannel channel) {
        LocalClient client = new LocalClient(this, loop, channel);
        clients.add(client);
        clientsChanged();
        try {
            client.begin();
        } catch (IOException gone) {
            client.close();
        }
    }

    // ---- for clients

    boolean isLeaving() {
        return leaving.isDone();
    }

    CompletableFuture<Link.Answered> ask(byte[] question) {
        return uplink.ask(question);
    }

    /** The greeting for one who has said none. */
    byte[] introduction() {
        return Words.request("mpx-hello", "mpx/hello", "{\"version\":" + Words.quote(Version.current()) + ",\"client\":{\"host\":"
                + Words.quote(MachineName.get()) + "}}");
    }

    /** What a client is told that can't be served now. */
    byte[] refusal(JsonValue id, Throwable why) {
        String where = endpoint + " (the relay's log is " + home.mpxLog() + ")";
        // the reason last: it may end with a command, and what stands behind that would be taken for a part of it
        String sentence = why instanceof java.util.concurrent.TimeoutException
                ? "mpx is still connecting to " + where + uplink.condition().trouble().map(trouble -> ". " + trouble).orElse(".")
                : "mpx can't reach the daemon at " + where + ": " + why.getMessage();
        return Words.noDaemon(id, uplink.isPassing(why) ? "busy" : "failed", sentence);
    }

    /** The result of a question for the status; never fails. */
    CompletableFuture<String> status(Optional<JsonValue> params) {
        boolean asJson = params.flatMap(object -> Words.text(object, "format")).orElse("").equals("json");
        byte[] question = Words.request("mpx-status", "mpx/status", params.map(JsonValue::toString).orElse("{}"));
        return uplink.ask(question).handle((answered, failure) -> {
            Optional<JsonValue> result = Optional.empty();
            if (failure == null) {
                answered.stream().stream().close();
                result = JsonValue.parse(answered.answer()).flatMap(answer -> answer.get("result"));
            }
            return new RelayStatus(endpoint, uplink.condition(), sessionsLeft().size(), started).render(asJson, result);
        });
    }

    void gone(LocalClient client) {
        clients.remove(client);
        clientsChanged();
    }

    void closeSoon(LocalClient client) {
        clock.schedule(() -> loop.execute(client::close), LINGER_SECONDS, TimeUnit.SECONDS);
    }

    // ---- the relay's end

    private List<LocalClient> sessionsLeft() {
        return clients.stream().filter(LocalClient::isSession).toList();
    }

    synchronized void clientsChanged() {
        idle.ifPresent(timer -> timer.cancel(false));
        idle = Optional.empty();
        if (clients.isEmpty() && !stay.idle().isZero() && !leaving.isDone()) {
            idle = Optional.of(clock.schedule(this::leaveIfIdle, stay.idle().toMillis(), TimeUnit.MILLISECONDS));
        }
    }

    private void leaveIfIdle() {
        if (clients.isEmpty()) {
            leave("nobody was connected for " + stay.idle().toSeconds() + " s");
        }
    }

    @Override
    public void leave(String why) {
        leaving.complete(why);
    }

    @Override
    public int serve() throws IOException {
        String why = leaving.join();
        LOG.info("leaving: {}", why);
        door.close();
        new Drain(uplink, loop, this::sessionsLeft).run(stay.drain().compareTo(Succession.LONGEST_DRAIN) < 0 ? stay.drain() : Succession.LONGEST_DRAIN);
        broker.remove(home.brokerFile());
        uplink.close();
        return 0;
    }

    /** The clients that are left go with the process: who waits for the relay's end sees it when it has come. */
    @Override
    public void close() throws IOException {
        door.close();
        uplink.close();
    }
}
