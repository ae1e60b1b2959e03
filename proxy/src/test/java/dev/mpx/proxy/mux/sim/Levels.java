package dev.mpx.proxy.mux.sim;

import java.util.List;

/** Log levels, most verbose first (MCP 2025-11-25, "Logging"). */
final class Levels {
    static final List<String> ALL =
            List.of("debug", "info", "notice", "warning", "error", "critical", "alert", "emergency");
    static final int UNASKED = ALL.indexOf("info");

    private Levels() {}
}
