package dev.mpx.proxy.service;

import dev.mpx.proxy.home.Unit;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is to run.
 *
 * @param home the daemon's home
 * @param command program first, by its absolute path
 * @param environment variables that it needs, since a service has few
 * @param log where its output goes, where the system keeps none itself
 */
public record ServiceSpec(Path home, List<String> command, Map<String, String> environment, Path log) {
    private static final String MARKER = "A service of mpx, for ";
    private static final String MARKER_END = "; \"mpx install\" has written it, and \"mpx uninstall\" removes it.";

    public ServiceSpec {
        command = List.copyOf(command);
        environment = new TreeMap<>(environment);
    }

    /** The variables, and that by which the daemon knows who keeps it. */
    Map<String, String> environmentOf(String unit) {
        Map<String, String> all = new TreeMap<>(environment);
        all.put(Unit.VARIABLE, unit);
        return all;
    }

    /** The comment by which mpx knows its own units, and whose they are. */
    String marker() {
        return marker(home);
    }

    private static String marker(Path home) {
        return MARKER + home.toString().replace("--", "- -") + MARKER_END; // as an XML comment may not hold it
    }

    /** Whether a unit is mpx's. */
    static boolean isOurs(String unit) {
        return unit.contains(MARKER);
    }

    /** Whether a unit is mpx's for that home. */
    static boolean isFor(String unit, Path home) {
        return unit.contains(marker(home));
    }
}
