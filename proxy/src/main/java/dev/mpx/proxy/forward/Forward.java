package dev.mpx.proxy.forward;

import dev.mpx.proxy.home.Endpoint;
import dev.mpx.proxy.home.Environment;
import dev.mpx.proxy.home.ForwardHome;
import dev.mpx.proxy.home.HomeException;
import dev.mpx.proxy.home.ProcessIdentity;
import dev.mpx.proxy.shim.DetachedProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The forwarded socket to one host: kept up by one process, found by all others. Blocks. */
public final class Forward {
    private static final Duration OTHERS = Duration.ofSeconds(20);
    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final Duration BACKGROUND = Duration.ofSeconds(100);
    private static final Duration LEAVING = Duration.ofSeconds(30);
    private static final long LOOK_MILLIS = 50;

    private final Endpoint.Ssh endpoint;
    private final Environment environment;
    private final ForwardHome home;

    private Forward(Endpoint.Ssh endpoint, Environment environment) {
        this.endpoint = endpoint;
        this.environment = environment;
        this.home = ForwardHome.of(endpoint, environment);
    }

    /** @param host {@code [USER@]HOST[:PORT]}, with or without {@code ssh://} before it and {@code ?home=/path} behind */
    public static Forward to(String host, Environment environment) {
        if (Endpoint.parse(host.contains("://") ? host : "ssh://" + host) instanceof Endpoint.Ssh ssh) {
            return new Forward(ssh, environment);
        }
        throw new HomeException("mpx forward goes by SSH: mpx forward [USER@]HOST[:PORT], not " + host + ".");
    }

    public Endpoint.Ssh endpoint() {
        return endpoint;
    }

    /** What a client is to be told. */
    public Endpoint.Unix socket() {
        return new Endpoint.Unix(home.socket());
    }

    /**
     * Keeps it up until the process is told to end.
     *
     * @param mayAsk whether ssh may ask the user for passwords and the like
     * @param works called when it can be used, with a few words on how it goes
     * @param tell gets sentences on what becomes of it
     * @return false if somebody else keeps it up already: then this returns at once
     * @throws ForwardFailure if it can't be had
     */
    public boolean hold(boolean mayAsk, Consumer<String> works, Consumer<String> tell) throws ForwardFailure, IOException {
        home.prepare();
        Optional<ForwardLock> lock = ForwardLock.take(home);
        if (lock.isEmpty()) {
            return false;
        }
        CountDownLatch left = new CountDownLatch(1);
        try {
            OpenSsh ssh = OpenSsh.find(environment, endpoint);
            Way.sweep(ssh, endpoint, home);
            Way way = new Way(ssh, endpoint, home, mayAsk);
            way.record(Optional.empty());
            Keeper keeper = new Keeper(way, () -> works.accept(way.told()), tell);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> seeOut(keeper, left), "mpx-shutdown"));
            keeper.keep();
            return true;
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
            return true;
        } finally {
            lock.get().close();
            left.countDown();
        }
    }

    /** A signal was caught: the process ends when the keeper has cleared up. */
    private static void seeOut(Keeper keeper, CountDownLatch left) {
        keeper.leave();
        try {
            left.await(LEAVING.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Sees that the one which somebody else keeps up can be used. @throws ForwardFailure if it can't, with his trouble */
    public void awaitOthers() throws ForwardFailure {
        long end = System.nanoTime() + OTHERS.toNanos();
        while (!works()) {
            if (System.nanoTime() - end > 0) {
                Optional<ForwardRecord> record = ForwardRecord.read(home.record());
                throw new ForwardFailure("A forward to " + endpoint + " is kept up already"
                        + record.map(one -> " by process " + one.keeper().pid()).orElse("") + ", but does not work: "
                        + record.flatMap(ForwardRecord::trouble).orElse("it has not come about yet.") + " To end it: mpx forward --stop " + endpoint);
            }
            pause();
        }
    }

    private boolean works() {
        if (!Files.exists(home.socket())) {
            return false;
        }
        try {
            Witness.open(home.socket(), ANSWER).close();
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Has it kept up in the background, and returns once it can be used. @return false if it was already */
    public boolean detach(Path launcher) throws ForwardFailure, IOException {
        home.prepare();
        Optional<ForwardLock> lock = ForwardLock.take(home);
        if (lock.isEmpty()) {
            awaitOthers();
            return false;
        }
        lock.get().close(); // somebody who comes in between is as good as the one that is started here
        DetachedProcess background = DetachedProcess.start(List.of(launcher.toString(), "forward", endpoint.toString()),
                home.directory(), home.log(), Map.of());
        long end = System.nanoTime() + BACKGROUND.toNanos();
        while (System.nanoTime() - end < 0) {
            boolean isAlive = background.isAlive();
            if (works()) {
                return true;
            }
            if (!isAlive) {
                throw new ForwardFailure(withoutName(background.logTail()));
            }
            pause();
        }
        throw new ForwardFailure("The forward to " + endpoint + " does not work after " + BACKGROUND.toSeconds() + " s. The log of process "
                + background.pid() + ", which goes on trying, is " + home.log() + "; to end it: mpx forward --stop " + endpoint);
    }

    private static String withoutName(List<String> lines) {
        String text = String.join("\n", lines);
        return text.startsWith("mpx: ") ? text.substring("mpx: ".length()) : text;
    }

    /** Ends it, whoever keeps it up. @return false if nobody does */
    public boolean stop() throws ForwardFailure, IOException {
        if (!Files.isDirectory(home.directory())) {
            return false;
        }
        Optional<ForwardRecord> record = ForwardRecord.read(home.record());
        boolean wasLeft = record.isPresent();
        Optional<ProcessIdentity> keeper = tellToEnd(record);
        long end = System.nanoTime() + LEAVING.toNanos();
        Optional<ForwardLock> lock = ForwardLock.take(home);
        while (lock.isEmpty()) {
            if (System.nanoTime() - end > 0) {
                throw new ForwardFailure("The process " + keeper.map(one -> one.pid() + "").orElse("that keeps it up") + " has not ended for "
                        + LEAVING.toSeconds() + " s. End it by hand (kill -9), then run this again.");
            }
            pause();
            if (keeper.isEmpty()) { // who has just taken the lock writes the record next
                keeper = tellToEnd(ForwardRecord.read(home.record()));
            }
            lock = ForwardLock.take(home);
        }
        try {
            if (Files.exists(home.record()) || Files.exists(home.control())) {
                Way.sweep(OpenSsh.find(environment, endpoint), endpoint, home);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.get().close();
        }
        return wasLeft || keeper.isPresent();
    }

    /** @return who has been told: a process that lives */
    private static Optional<ProcessIdentity> tellToEnd(Optional<ForwardRecord> record) {
        Optional<ProcessIdentity> keeper = record.map(ForwardRecord::keeper).filter(ProcessIdentity::isLiving);
        keeper.flatMap(ProcessIdentity::handle).ifPresent(ProcessHandle::destroy);
        return keeper;
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
