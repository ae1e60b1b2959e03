package dev.mpx.proxy.cli;

import dev.mpx.proxy.agents.AgentPlan;
import dev.mpx.proxy.agents.MpxProgram;
import dev.mpx.proxy.agents.Uninstalling;
import dev.mpx.proxy.home.Environment;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mpx uninstall}. */
@Command(name = "uninstall", mixinStandardHelpOptions = true,
        description = "Give the agents back the configuration that \"mpx install\" has changed. What others have changed since stays.")
final class UninstallCommand implements Callable<Integer> {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Mixin
    private AgentChoice agents;

    @Option(names = "--dry-run", description = "Show what would change, and change nothing.")
    private boolean isDry;

    @Option(names = "--service",
            description = "Stop and remove the service that \"mpx install --service\" has made; agents only with --agent.")
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
                ? new ServiceSetup(server, Optional.ofNullable(name), isDry, System.out, System.err).uninstall()
                : ExitStatus.WELL;
        return isService && !agents.isGiven() ? ofService : Math.max(ofService, agents());
    }

    private int agents() {
        Environment environment = Environment.ofProcess();
        Uninstalling uninstalling = new Uninstalling(environment, MpxProgram.find(environment));
        try {
            List<AgentPlan> plans = uninstalling.plan(agents.chosen(spec.commandLine()));
            PlanRun run = new PlanRun(isDry);
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
