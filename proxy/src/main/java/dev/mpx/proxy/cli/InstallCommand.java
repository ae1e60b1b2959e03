package dev.mpx.proxy.cli;

import dev.mpx.proxy.agents.AgentPlan;
import dev.mpx.proxy.agents.Installing;
import dev.mpx.proxy.agents.MpxProgram;
import dev.mpx.proxy.home.Environment;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mpx install}. */
@Command(name = "install", mixinStandardHelpOptions = true,
        description = "Have the agents that are here start mpx in place of the palace's server: changes that entry of their configurations"
                + " and nothing else, and keeps what was there. \"mpx uninstall\" takes it back.")
final class InstallCommand implements Callable<Integer> {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Mixin
    private AgentChoice agents;

    @Option(names = "--dry-run", description = "Show what would change, and change nothing.")
    private boolean isDry;

    @Override
    public Integer call() {
        Environment environment = Environment.ofProcess();
        List<AgentPlan> plans = new Installing(environment, MpxProgram.find(environment)).plan(agents.chosen(spec.commandLine()));
        if (plans.isEmpty()) {
            System.out.println("mpx found none of the agents that it knows here. For one that is, name it with --agent; for others, put \""
                    + MpxProgram.find(environment).path() + "\" where mempalace-mcp stands in its configuration.");
            return ExitStatus.WELL;
        }
        PlanRun run = new PlanRun(isDry);
        int status = run.run(plans);
        if (isDry) {
            System.out.println("Nothing was changed.");
        } else if (run.changed() > 0) {
            System.out.println("Agents that run already start mpx when they are started again. \"mpx uninstall\" takes this back.");
        }
        return status;
    }
}
