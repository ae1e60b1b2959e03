package dev.mpx.proxy.cli;

import dev.mpx.proxy.agents.AgentPlan;
import dev.mpx.proxy.agents.Installing;
import dev.mpx.proxy.agents.MpxProgram;
import dev.mpx.proxy.home.Environment;
import java.util.List;
import java.util.Optional;
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

    @Option(names = "--service",
            description = "Have the daemon run always, as a service of yours (systemd, or launchd on macOS), started at once;"
                    + " agents only with --agent.")
    private boolean isService;

    @Option(names = "--name", paramLabel = "NAME", description = "Of the service, if it is to have another than its palace's.")
    private String name;

    @Mixin
    private ServerOptions server;

    @Override
    public Integer call() {
        if (!isService && (server.isGiven() || name != null)) {
            throw new CommandLine.ParameterException(spec.commandLine(),
                    "--home, --palace, --endpoint, --name and a server's command go with"
                    + " --service. Agents' entries keep the palace that they name.");
        }
        if (isService && name != null && !name.matches("[A-Za-z0-9_-][A-Za-z0-9._-]{0,60}")) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--name takes letters, digits, dots, dashes and underscores.");
        }
        int ofService = isService
                ? new ServiceSetup(server, Optional.ofNullable(name), isDry, System.out, System.err).install()
                : ExitStatus.WELL;
        return isService && !agents.isGiven() ? ofService : Math.max(ofService, agents());
    }

    private int agents() {
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
