package dev.mpx.proxy.cli;

import dev.mpx.proxy.agents.AgentPlan;
import dev.mpx.proxy.agents.FileEdit;
import dev.mpx.proxy.agents.text.UnifiedDiff;
import dev.mpx.proxy.status.Plain;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Shows what is planned for agents' configurations, and does it. */
final class PlanRun {
    private static final String RED = "\u001b[31m";
    private static final String GREEN = "\u001b[32m";
    private static final String CYAN = "\u001b[36m";
    private static final String PLAIN = "\u001b[0m";

    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private final PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    private final boolean isDry;
    private final boolean hasColour;
    private int changed;
    private boolean hasFailed;

    PlanRun(boolean isDry) {
        this.isDry = isDry;
        this.hasColour = OutputTerminal.ofProcess().wantsColours();
    }

    /** How many files were changed, or would be. */
    int changed() {
        return changed;
    }

    /** @return the exit status */
    int run(List<AgentPlan> plans) {
        for (AgentPlan plan : plans) {
            say(plan.agent().label() + (plan.edits().isEmpty() && plan.failures().isEmpty() ? ": nothing to do." : ":"));
            plan.edits().forEach(this::run);
            plan.notes().forEach(note -> say("  Note: " + note.replaceFirst("\\.$", "") + "."));
            for (String failure : plan.failures()) {
                hasFailed = true;
                complain(failure);
            }
        }
        return hasFailed ? ExitStatus.DEGRADED : ExitStatus.WELL;
    }

    private void run(FileEdit edit) {
        String before = text(edit.before());
        String after = text(edit.after());
        for (String line : UnifiedDiff.of(before, after, edit.file().toString())) {
            // of a file with Windows' line ends the half that UnifiedDiff leaves is none of the text's
            out.println("  " + coloured(Plain.lines(line.endsWith("\r") ? line.substring(0, line.length() - 1) : line)));
        }
        try {
            Optional<Path> backup = isDry ? Optional.empty() : edit.apply();
            changed++;
            say("  " + edit.file() + (isDry ? " would change: " : ": ") + String.join("; ", edit.summary()) + "."
                    + backup.map(file -> " The former one is kept as " + file + ".").orElse(""));
        } catch (IOException e) {
            hasFailed = true;
            complain(edit.file() + " could not be changed: " + e.getMessage() + ". It is as it was.");
        }
    }

    private void say(String sentence) {
        out.println(Plain.of(sentence));
    }

    private void complain(String sentence) {
        err.println("mpx: " + Plain.of(sentence));
    }

    private static String text(Optional<byte[]> bytes) {
        return new String(bytes.orElse(new byte[0]), StandardCharsets.UTF_8);
    }

    private String coloured(String line) {
        if (!hasColour) {
            return line;
        }
        String colour = line.startsWith("+") ? GREEN : line.startsWith("-") ? RED : line.startsWith("@@") ? CYAN : "";
        return colour.isEmpty() ? line : colour + line + PLAIN;
    }
}
