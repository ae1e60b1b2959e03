package dev.mpx.proxy.service;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Who runs services for this user. Blocks. */
public interface ServiceHost {
    /** The one of this machine, for the service of that name. */
    static ServiceHost of(String name, Path home, dev.mpx.proxy.home.Environment environment) {
        return System.getProperty("os.name", "").startsWith("Mac")
                ? new Launchd(name, home, environment)
                : new Systemd(name, home, environment);
    }

    /** What it calls the service. */
    String unit();

    /** Where the service is described. */
    Path file();

    /** The description of a service. */
    String text(ServiceSpec spec);

    /** Why no service can be started here, as a part of a sentence; empty if one can. */
    Optional<String> absence();

    /** What else has the service's name or file, in a sentence; empty if they are free or this home's already. */
    Optional<String> collision();

    /** The names of all of this home's services that are described here, this one's among them if it is. */
    List<String> names();

    /** Whether there is this home's service, with this description, and it runs. */
    boolean isCurrent(ServiceSpec spec);

    /** Whether this home's service is described here. */
    boolean isThere();

    /**
     * Writes the description and has it read; starts nothing.
     *
     * @throws IOException if that fails; nothing is left of it then
     */
    void write(ServiceSpec spec) throws IOException;

    /** Starts it, now and whenever the user comes. @throws IOException if that fails */
    void start() throws IOException;

    /** Why the service that was started does not run, as a part of a sentence; empty while it starts or runs, or nobody tells. */
    Optional<String> failure();

    /** How to see what it has printed, for the middle of a sentence. */
    String log();

    /** The last lines of that, as far as they can be had; few. */
    List<String> lastLines();

    /**
     * Stops it if it runs, and removes its description.
     *
     * @throws IOException if it could not be stopped; its description is gone all the same
     */
    void remove() throws IOException;

    /** What a user may want to know of it, in a sentence or two. */
    String advice();
}
