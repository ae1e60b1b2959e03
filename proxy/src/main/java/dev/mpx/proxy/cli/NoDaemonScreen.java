package dev.mpx.proxy.cli;

import dev.mpx.proxy.home.BrokerFile;
import dev.mpx.proxy.home.Home;
import dev.mpx.proxy.home.Unit;
import dev.mpx.proxy.mux.Json;
import dev.mpx.proxy.status.Paragraph;
import dev.mpx.proxy.status.Plain;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What a person is told where no daemon is: why, what helps, and what was found in its place. The native program's no_daemon.c. */
final class NoDaemonScreen {
    /** Behind "mpx: ", and behind a label. */
    private static final int INDENT = 5;
    private static final int LABEL = 10;
    private static final int LAST_LINES = 5;
    private static final int LONGEST_LINE = 300;
    private static final int LARGEST_LOG = 4 << 20;

    private NoDaemonScreen() {}

    /** @param width that lines are broken at; {@link OutputTerminal#UNLIMITED} where the terminal does that itself */
    static StatusView of(NoDaemon none, boolean asJson, int width) {
        return new StatusView(ExitStatus.NO_DAEMON, asJson ? json(none.reason(), none.advice()) : "", text(none, width));
    }

    /** The same, for standard error. */
    static String text(NoDaemon none, int width) {
        StringBuilder screen = new StringBuilder();
        screen.append(new Paragraph(width, INDENT).prose(Plain.of("mpx: no daemon: " + none.reason() + "."))).append('\n');
        screen.append(new Paragraph(width, INDENT).prose(" ".repeat(INDENT) + Plain.of(none.prose())).command(Plain.of(none.command())))
                .append('\n');
        if (!none.discovery().isElsewhere()) {
            found(screen, none.discovery().home(), width);
        }
        return screen.toString();
    }

    private static String json(String reason, String advice) {
        byte[] json = Json.object(object -> {
            object.writeNumberField("schema", 1);
            object.writeBooleanField("well", false);
            object.writeStringField("verdict", "no daemon");
            object.writeStringField("sentence", reason);
            object.writeStringField("advice", advice);
            object.writeNullField("daemon");
        });
        return new String(json, StandardCharsets.UTF_8) + "\n";
    }

    private static void found(StringBuilder screen, Home home, int width) {
        screen.append('\n').append(new Paragraph(width, LABEL).prose(Plain.of("home      " + home.directory()))).append('\n');
        screen.append(new Paragraph(width, LABEL).prose(Plain.of("found     " + record(home)))).append('\n');
        for (Path log : List.of(home.logs().resolve("mpx.log"), home.daemonLog())) {
            List<String> last = lastLines(log);
            if (!last.isEmpty()) {
                line(screen, "log       " + log);
                last.forEach(text -> line(
                        screen, "          " + (text.length() > LONGEST_LINE ? text.substring(0, LONGEST_LINE) + "…" : text)));
                break;
            }
        }
        Unit.of(home).flatMap(Unit::journal).ifPresent(journal -> line(screen, "journal   " + journal));
    }

    private static void line(StringBuilder screen, String text) {
        screen.append(Plain.of(text)).append('\n');
    }

    private static String record(Home home) {
        if (!Files.isDirectory(home.directory())) {
            return "nothing: no daemon has ever run there";
        }
        Optional<BrokerFile> left = BrokerFile.read(home.brokerFile());
        if (left.isEmpty()) {
            return "no broker.json: the last daemon, if there was one, has left in order";
        }
        long pid = left.get().pid();
        return pid > 0 && ProcessHandle.of(pid).isPresent() && !isDead(pid)
                ? "broker.json of pid " + pid + ", which is there and does not answer"
                : "broker.json, left behind by pid " + pid + ", which has ended: it was killed, or it crashed";
    }

    /** One that has ended and waits to be reaped is no process any more; where that can't be told, it counts as one. */
    private static boolean isDead(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
            return stat.startsWith(") Z", Math.max(0, stat.lastIndexOf(')')));
        } catch (IOException unknown) {
            return false;
        }
    }

    private static List<String> lastLines(Path log) {
        try {
            if (!Files.isRegularFile(log) || Files.size(log) > LARGEST_LOG) {
                return List.of();
            }
            List<String> lines = new String(Files.readAllBytes(log), StandardCharsets.UTF_8).lines().toList();
            return lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size());
        } catch (IOException unreadable) {
            return List.of();
        }
    }
}
