package dev.mpx.proxy.cli;

import dev.mpx.proxy.agents.AgentPlan;
import dev.mpx.proxy.agents.MpxProgram;
import dev.mpx.proxy.agents.Uninstalling;
import dev.mpx.proxy.home.Environment;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mpx uninstall}. */
@Command(name = "uninstall", mixinStandardHelpOptions = true,
        description = "Give the agents back the configuration that \"mpx install\" has changed. What others have changed since stays.")
final class UninstallCommand implements Callable<Integer> {
    @Mixin
    private ConfigChange change;

    @Option(names = "--service",
            description = "Stop and remove the service that \"mpx install --service\" has made; agents only with --agent.")
    private boolean isService;

    @Override
    public Integer call() {
        return change.run(isService, ServiceSetup::uninstall, this::agents);
    }

    private int agents() {
        Environment environment = Environment.ofProcess();
        Uninstalling uninstalling = new Uninstalling(environment, MpxProgram.find(environment));
        try {
            List<AgentPlan> plans = uninstalling.plan(change.chosen());
            PlanRun run = new PlanRun(change.isDry());
            int status = run.run(plans);
            if (plans.isEmpty()) {
                System.out.println("There is nothing to do: mpx install has changed no agent's configuration, or it was taken back.");
            }
            uninstalling.others().forEach(other -> System.out.println("Note: " + other + "."));
            return status;
        } catch (IOException e) {
            System.err.println("mpx: " + e.getMessage() + ".");
            return ExitStatus.DEGRADED;
        }
    }
}
