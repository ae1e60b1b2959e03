package dev.mpx.proxy.cli;

import dev.mpx.proxy.agents.Agent;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.function.ToIntFunction;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What {@code mpx install} and {@code mpx uninstall} are told alike, and the order in which both do what they are for. */
final class ConfigChange {
    private static final String NAMES = "[A-Za-z0-9_-][A-Za-z0-9._-]{0,60}";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Mixin
    private AgentChoice agents;

    @Option(names = "--dry-run", description = "Show what would change, and change nothing.")
    private boolean isDry;

    @Option(names = "--name", paramLabel = "NAME", description = "Of the service, if it is to have another than its palace's.")
    private String name;

    @Mixin
    private ServerOptions server;

    boolean isDry() {
        return isDry;
    }

    /** Those that were named; none if all are meant. */
    Set<Agent> chosen() {
        return agents.chosen(spec.commandLine());
    }

    /** The service first, if that is meant, and then the agents', unless the service alone is. @return the exit status */
    int run(boolean isService, ToIntFunction<ServiceSetup> ofService, IntSupplier ofAgents) {
        check(isService || !server.isGiven() && name == null, "--home, --palace, --endpoint, --name and a server's command go with"
                + " --service. Agents' entries keep the palace that they name.");
        check(name == null || name.matches(NAMES), "--name takes letters, digits, dots, dashes and underscores.");
        int status = isService
                ? ofService.applyAsInt(new ServiceSetup(server, Optional.ofNullable(name), isDry, System.out, System.err))
                : ExitStatus.WELL;
        return isService && !agents.isGiven() ? status : Math.max(status, ofAgents.getAsInt());
    }

    private void check(boolean isRight, String otherwise) {
        if (!isRight) {
            throw new ParameterException(spec.commandLine(), otherwise);
        }
    }
}
