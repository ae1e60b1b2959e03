package dev.mpx.proxy.daemon;

import dev.mpx.proxy.home.BootId;
import dev.mpx.proxy.home.BrokerFile;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a daemon that died without a guard has left: the child it recorded in {@code broker.json}, if that pid is still
 * the process that started then, and what Java can find of its descendants. Orphans that left the tree earlier are not
 * found; only a guard finds those.
 */
final class Leftovers {
    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);
    private static final Duration UNTIL_KILL = Duration.ofSeconds(3);
    private static final Duration UNTIL_GONE = Duration.ofSeconds(10);

    private Leftovers() {}

    /**
     * Ends them; blocks until they are gone.
     *
     * @throws IOException if they can't be ended: then no other child may be started
     */
    static void reap(Optional<BrokerFile> previous) throws IOException {
        Optional<ProcessHandle> child = previous.filter(broker -> broker.bootId().equals(BootId.current()))
                .flatMap(BrokerFile::child)
                .flatMap(recorded -> ProcessHandle.of(recorded.pid())
                        .filter(process -> process.info().startInstant().equals(Optional.of(recorded.startTime()))));
        if (child.isEmpty()) {
            return;
        }
        LOG.warn("ending what an earlier daemon has left: {}", ProcessTable.describeNow(child.get().pid()));
        Set<ProcessHandle> tree = new LinkedHashSet<>();
        child.get().descendants().forEach(tree::add);
        tree.add(child.get());
        tree.forEach(ProcessHandle::destroy);
        if (!gone(tree, UNTIL_KILL)) {
            Set.copyOf(tree).forEach(process -> process.descendants().forEach(tree::add));
            tree.forEach(ProcessHandle::destroyForcibly);
            if (!gone(tree, UNTIL_GONE)) {
                throw new IOException("the server of an earlier daemon can't be ended: "
                        + ProcessTable.describeNow(child.get().pid()) + "; another one is not started beside it");
            }
        }
    }

    private static boolean gone(Set<ProcessHandle> processes, Duration patience) throws IOException {
        CompletableFuture<?> all = CompletableFuture.allOf(
                processes.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new));
        try {
            all.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while ending an earlier server", e);
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IOException(e);
        }
    }
}
