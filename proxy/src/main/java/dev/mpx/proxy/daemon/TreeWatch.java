package dev.mpx.proxy.daemon;

import dev.mpx.proxy.status.TreeView;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import reactor.core.scheduler.Scheduler;

/** How large the server's process tree is, for a status. For the loop's thread. */
final class TreeWatch {
    private static final Duration FRESH = Duration.ofSeconds(1);

    private final Glance<Optional<TreeView>> glance;
    private volatile OptionalLong root = OptionalLong.empty();

    /** @param measure may block */
    TreeWatch(LongFunction<Optional<TreeView>> measure, Scheduler loop) {
        glance = new Glance<>(() -> {
            OptionalLong pid = root;
            return pid.isPresent() ? measure.apply(pid.getAsLong()) : Optional.empty();
        }, Optional.empty(), FRESH, loop);
    }

    /** Hands over what was found of that process, soon; nothing, if what was looked at was another. */
    void ask(OptionalLong pid, Consumer<Optional<TreeView>> then) {
        root = pid;
        if (pid.isEmpty()) {
            then.accept(Optional.empty());
        } else {
            glance.ask(found -> then.accept(found.filter(tree -> tree.pid() == pid.getAsLong())));
        }
    }
}
