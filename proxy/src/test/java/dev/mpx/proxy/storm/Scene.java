package dev.mpx.proxy.storm;

import dev.mpx.proxy.whole.OsProcess;
import dev.mpx.proxy.whole.UserHome;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Who of the program runs just now. */
final class Scene {
    private final UserHome user;
    private final Ground ground;

    Scene(UserHome user, Ground ground) {
        this.user = user;
        this.ground = ground;
    }

    /** A process that a server has forked looks like it until it is another program, and is not counted. */
    List<OsProcess> servers() {
        List<OsProcess> all = OsProcess.all().filter(process -> ground.isServer(process) && process.isAlive()).toList();
        Set<Long> pids = all.stream().map(OsProcess::pid).collect(Collectors.toSet());
        return all.stream().filter(process -> ProcessHandle.of(process.pid()).flatMap(ProcessHandle::parent)
                .filter(parent -> pids.contains(parent.pid())).isEmpty()).toList();
    }

    Optional<OsProcess> server() {
        return servers().stream().findFirst();
    }

    /** The native parent of the server. */
    Optional<OsProcess> guard() {
        return mine().stream().filter(process -> {
            List<String> words = process.commandLine();
            return words.size() > 2 && words.get(0).endsWith("/mpx") && words.get(1).equals("guard");
        }).findFirst();
    }

    Optional<OsProcess> daemon() {
        return daemons().stream().findFirst();
    }

    List<OsProcess> daemons() {
        return mine().stream().filter(OsProcess::isDaemon).filter(OsProcess::isAlive).toList();
    }

    /** Processes that belong neither to a client nor to a daemon. */
    List<String> orphans() {
        Map<Long, OsProcess> mine = mine().stream().collect(Collectors.toMap(OsProcess::pid, Function.identity()));
        Set<Long> roots = new HashSet<>(daemons().stream().map(OsProcess::pid).toList());
        roots.add(ProcessHandle.current().pid());
        List<String> orphans = new ArrayList<>();
        for (OsProcess process : mine.values()) {
            if (process.isAlive() && !isBelow(process.pid(), roots)) {
                orphans.add(process.pid() + " " + process.commandLine());
            }
        }
        return orphans;
    }

    private static boolean isBelow(long pid, Set<Long> roots) {
        Optional<ProcessHandle> process = ProcessHandle.of(pid);
        while (process.isPresent()) {
            if (roots.contains(process.get().pid())) {
                return true;
            }
            process = process.get().parent();
        }
        // One that ended just now is no orphan; its parent can't be told any more.
        return ProcessHandle.of(pid).isEmpty();
    }

    /** All processes of the user's, however far away they run. */
    List<OsProcess> mine() {
        return user.processes().toList();
    }
}
