package dev.mpx.proxy.cli;

import dev.mpx.proxy.agents.AgentPlan;
import dev.mpx.proxy.agents.Installing;
import dev.mpx.proxy.agents.MpxProgram;
import dev.mpx.proxy.home.Environment;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mpx install}. */
@Command(name = "install", mixinStandardHelpOptions = true,
        description = "Have the agents that are here start mpx in place of the palace's server: changes that entry of their configurations"
                + " and nothing else, and keeps what was there. \"mpx uninstall\" takes it back.")
final class InstallCommand implements Callable<Integer> {
    @Mixin
    private ConfigChange change;

    @Option(names = "--service",
            description = "Have the daemon run always, as a service of yours (systemd, or launchd on macOS), started at once;"
                    + " agents only with --agent.")
    private boolean isService;

    @Override
    public Integer call() {
        return change.run(isService, ServiceSetup::install, this::agents);
    }

    private int agents() {
        Environment environment = Environment.ofProcess();
        List<AgentPlan> plans = new Installing(environment, MpxProgram.find(environment)).plan(change.chosen());
        if (plans.isEmpty()) {
            System.out.println("mpx found none of the agents that it knows here. For one that is, name it with --agent; for others, put \""
                    + MpxProgram.find(environment).path() + "\" where mempalace-mcp stands in its configuration.");
            return ExitStatus.WELL;
        }
        PlanRun run = new PlanRun(change.isDry());
        int status = run.run(plans);
        if (change.isDry()) {
            System.out.println("Nothing was changed.");
        } else if (run.changed() > 0) {
            System.out.println("Agents that run already start mpx when they are started again. \"mpx uninstall\" takes this back.");
        }
        return status;
    }
}
