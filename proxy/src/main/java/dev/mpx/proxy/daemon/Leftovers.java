package dev.mpx.proxy.daemon;

import dev.mpx.proxy.home.BrokerFile;
import dev.mpx.proxy.home.ProcessIdentity;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What a daemon that died without a guard has left: the child it recorded in {@code broker.json}, if that pid is still
 * the process that started then, and what Java can find of its descendants. Orphans that left the tree earlier are not
 * found; only a guard finds those.
 */
public final class Leftovers {
    private static final Duration UNTIL_KILL = Duration.ofSeconds(3);
    private static final Duration UNTIL_GONE = Duration.ofSeconds(10);
    private static final Duration LOOK = Duration.ofMillis(20);

    private Leftovers() {}

    /**
     * Ends them; blocks until they are gone.
     *
     * @param tell told whom it ends, if there is somebody
     * @throws IOException if they can't be ended: then no other child may be started
     */
    public static void reap(Optional<BrokerFile> previous, Consumer<String> tell) throws IOException {
        Optional<ProcessIdentity> child = previous.flatMap(BrokerFile::livingChild);
        if (child.isEmpty()) {
            return;
        }
        tell.accept("ending what an earlier daemon has left: " + ProcessTable.describeNow(child.get().pid()));
        Set<ProcessIdentity> tree = new LinkedHashSet<>();
        addDescendants(child.get(), tree);
        tree.add(child.get());
        tree.forEach(one -> one.handle().ifPresent(ProcessHandle::destroy));
        if (!gone(tree, UNTIL_KILL)) {
            Set.copyOf(tree).forEach(one -> addDescendants(one, tree));
            tree.forEach(one -> one.handle().ifPresent(ProcessHandle::destroyForcibly));
            if (!gone(tree, UNTIL_GONE)) {
                throw new IOException("the server of an earlier daemon can't be ended: "
                        + ProcessTable.describeNow(child.get().pid()) + "; another one is not started beside it");
            }
        }
    }

    private static void addDescendants(ProcessIdentity root, Set<ProcessIdentity> tree) {
        root.handle().ifPresent(process -> process.descendants()
                .forEach(one -> ProcessIdentity.of(one.pid()).ifPresent(tree::add)));
    }

    private static boolean gone(Set<ProcessIdentity> processes, Duration patience) throws IOException {
        long end = System.nanoTime() + patience.toNanos();
        while (processes.stream().anyMatch(ProcessIdentity::isLiving)) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            try {
                Thread.sleep(LOOK.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while ending an earlier server", e);
            }
        }
        return true;
    }
}
