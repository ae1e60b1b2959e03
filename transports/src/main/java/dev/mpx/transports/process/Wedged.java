package dev.mpx.transports.process;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a guard says of a process that SIGKILL does not end (native/README.md), in words for people. */
final class Wedged {
    private static final Pattern LINE = Pattern.compile("mpx-guard: wedged pid (\\d+) \\((\\S), (\\S+), (.*)\\)");

    private Wedged() {}

    /** The latest that it said, such as {@code pid 7 (python3), which waits on rpc_wait in the kernel (state D)}. */
    static Optional<String> latest(List<String> lines) {
        return lines.stream()
                .map(LINE::matcher)
                .filter(Matcher::matches)
                .reduce((earlier, later) -> later)
                .map(said -> describe(Long.parseLong(said.group(1)), said.group(2), said.group(3), said.group(4)));
    }

    static String describe(long pid, String state, String waitsOn, String name) {
        boolean known = !waitsOn.isEmpty() && !waitsOn.equals("?") && !waitsOn.equals("0");
        return "pid " + pid + " (" + name + ")"
                + (known ? ", which waits on " + waitsOn + " in the kernel (state " + state + ")" : ", in state " + state);
    }
}
