package dev.mpx.proxy.doctor;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Makes all checks, each on a thread of its own, and waits for none longer than it says. One that hangs is left behind: its thread ends
 * with the process. Stateless.
 */
public final class Examination {
    private static final List<Check> ALL = List.of(
            new ProgramCheck(), new JavaCheck(), new ServerCheck(), new SettingsCheck(), new PermissionsCheck(), new FileSystemCheck(),
            new PalaceFilesCheck(), new SocketCheck(), new PortsCheck(), new BrokerFilesCheck(),
            new LocksCheck(), new HoldersCheck(), new OrphansCheck(),
            new DaemonCheck(), new EndpointCheck(), new ServiceCheck(), new AgentsCheck());

    private Examination() {}

    /** All that there are. Blocks for as long as the slowest takes. */
    public static Report of(Patient patient) {
        return new Report(patient, of(patient, ALL));
    }

    static List<Opinion> of(Patient patient, List<Check> checks) {
        long begun = System.nanoTime();
        List<FutureTask<List<Finding>>> tasks = new ArrayList<>();
        for (Check check : checks) {
            FutureTask<List<Finding>> task = new FutureTask<>(() -> check.look(patient));
            Thread thread = new Thread(task, "check-" + check.name().replace(' ', '-'));
            thread.setDaemon(true);
            thread.start();
            tasks.add(task);
        }
        List<Opinion> opinions = new ArrayList<>();
        for (int i = 0; i < checks.size(); i++) {
            Duration left = checks.get(i).limit().minusNanos(System.nanoTime() - begun);
            opinions.add(new Opinion(checks.get(i).name(), await(checks.get(i), tasks.get(i), left)));
        }
        return opinions;
    }

    private static List<Finding> await(Check check, FutureTask<List<Finding>> task, Duration left) {
        try {
            return task.get(Math.max(0, left.toMillis()), TimeUnit.MILLISECONDS);
        } catch (TimeoutException hangs) {
            task.cancel(true);
            return List.of(Finding.fault("no answer within " + check.limit().toSeconds() + " s: what is looked at hangs, and so may mpx",
                    "A mount whose other side is gone, or a program that does not end, holds up whoever touches it.",
                    "look whether \"ls\" of the home and the palace comes back, then run this again"));
        } catch (ExecutionException failed) {
            return List.of(unseen(failed.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of(Finding.note("not looked at", "It was interrupted."));
        }
    }

    private static Finding unseen(Throwable why) {
        String kind = why instanceof IOException ? "" : why.getClass().getSimpleName() + ": ";
        return Finding.warn("can't be looked at: " + kind + why.getMessage(), "Whether all is well there is not known.",
                "run this as the user who owns the home, and look at what stands above");
    }
}
