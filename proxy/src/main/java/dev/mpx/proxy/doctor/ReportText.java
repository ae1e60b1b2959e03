package dev.mpx.proxy.doctor;

import dev.mpx.proxy.status.Plain;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A report as a person reads it: the verdict, a line for each check, and a block for each finding. Commands are never broken over lines.
 */
public final class ReportText {
    private static final int WIDEST = 110;
    /** {@code "  fault  palace server  "}. */
    private static final int INDENT = 24;
    /** How cures begin that are to be pasted into a shell; all else is prose. */
    private static final Pattern COMMAND =
            Pattern.compile("[./~]\\S*|(mpx|chmod|sudo|systemctl|launchctl|journalctl|kill|pip|ssh|ssh-keygen) ");
    private static final String RESET = "\u001b[0m";

    private final int width;
    private final boolean isColoured;

    /** @param columns how many there are; a reader who has more than enough gets lines that are easily read */
    public ReportText(int columns, boolean isColoured) {
        this.width = Math.max(INDENT + 20, Math.min(columns, WIDEST));
        this.isColoured = isColoured;
    }

    /** All of it, each line ended. */
    public String of(Report report) {
        StringBuilder text = new StringBuilder(coloured(verdictColour(report), Plain.of(report.verdict()))).append('\n');
        report.opinions().forEach(opinion -> add(text, report, opinion));
        report.notDone().forEach(sentence -> text.append(coloured("31", "  " + Plain.of(sentence))).append('\n'));
        if (report.fixable() > 0) {
            text.append("  ").append(report.fixable()).append(report.fixable() == 1 ? " finding" : " findings")
                    .append(" marked * can be mended safely: ")
                    .append(Plain.of(report.patient().command("doctor --fix"))).append('\n');
        }
        return text.toString();
    }

    private void add(StringBuilder text, Report report, Opinion opinion) {
        String name = opinion.check();
        List<Finding> shown = opinion.severity() == Severity.OK ? opinion.findings().subList(0, 1) : opinion.findings().stream()
                .filter(finding -> finding.severity() != Severity.OK).toList();
        for (Finding finding : shown) {
            add(text, report.done(finding), shortened(report, finding), name);
            name = "";
        }
    }

    private void add(StringBuilder text, Optional<String> done, Finding finding, String name) {
        String mark = finding.fix().isPresent() && done.isEmpty() ? "*" : " ";
        String word = done.isPresent() ? "mended" : finding.severity().word();
        text.append(' ').append(mark).append(coloured(done.isPresent() ? "32" : colour(finding.severity()), pad(word, 7)))
                .append(pad(name, INDENT - 9));
        if (finding.severity() == Severity.OK) {
            text.append(cut(finding.what())).append('\n');
            return;
        }
        addWrapped(text, finding.what());
        if (done.isPresent()) {
            text.append(" ".repeat(INDENT));
            addWrapped(text, "done: " + Plain.of(done.get()));
            return;
        }
        if (!finding.why().isEmpty()) {
            text.append(" ".repeat(INDENT));
            addWrapped(text, finding.why());
        }
        finding.cure().ifPresent(cure -> addCure(text, cure));
    }

    private void addCure(StringBuilder text, String cure) {
        text.append(" ".repeat(INDENT));
        if (COMMAND.matcher(cure).lookingAt()) {
            text.append(coloured("1", "> " + cure)).append('\n');
        } else {
            addWrapped(text, "> " + cure);
        }
    }

    /** From where the line has come to, {@link #INDENT}. */
    private void addWrapped(StringBuilder text, String sentence) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : sentence.split(" ")) {
            if (line.length() > 0 && INDENT + line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.length() > 0 ? " " : "").append(word);
        }
        lines.add(line.toString());
        text.append(String.join("\n" + " ".repeat(INDENT), lines)).append('\n');
    }

    /** Plain, and paths below the user's home directory as people write them; those in commands and endpoints stay whole. */
    private static Finding shortened(Report report, Finding finding) {
        String user = "(?<!unix:)" + Pattern.quote(report.patient().environment().userHome() + "/");
        return new Finding(finding.severity(), Plain.of(finding.what().replaceAll(user, "~/")),
                Plain.of(finding.why().replaceAll(user, "~/")),
                finding.cure().map(Plain::of), finding.fix());
    }

    /** What is well gets one line. */
    private String cut(String sentence) {
        int room = width - INDENT;
        return sentence.length() <= room ? sentence : sentence.substring(0, room - 1) + "…";
    }

    private static String pad(String word, int columns) {
        return word + " ".repeat(Math.max(1, columns - word.length()));
    }

    private static String verdictColour(Report report) {
        return report.hasFaults() ? "1;31" : report.count(Severity.WARN) > 0 ? "1;33" : "1;32";
    }

    private static String colour(Severity severity) {
        return switch (severity) {
            case OK -> "32";
            case NOTE -> "36";
            case WARN -> "33";
            case FAULT -> "1;31";
        };
    }

    private String coloured(String code, String text) {
        return isColoured ? "\u001b[" + code + "m" + text + RESET : text;
    }
}
