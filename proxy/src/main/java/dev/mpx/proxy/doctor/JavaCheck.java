package dev.mpx.proxy.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which Java runs mpx, and whether the one that was meant is still there. */
final class JavaCheck implements Check {
    private static final int BASELINE = 17;

    @Override
    public String name() {
        return "java";
    }

    @Override
    public List<Finding> look(Patient patient) throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.ok(System.getProperty("java.version") + ", " + java));
        if (Runtime.version().feature() < BASELINE) {
            findings.add(Finding.fault("Java " + Runtime.version().feature() + " runs mpx, which needs " + BASELINE,
                    "The daemon is a Java program of that version.", "install a JDK " + BASELINE + " or newer, or set JAVA_HOME to one"));
        }
        patient.environment().get("JAVA_HOME").ifPresent(home -> lookAtJavaHome(home, java, findings));
        Optional<String> recorded = Installation.firstLine(Installation.lib("java-path"));
        if (recorded.isPresent() && !Files.isExecutable(Path.of(recorded.get()))) {
            findings.add(Finding.warn("the Java that mpx was installed with is gone: " + recorded.get(),
                    "Agents start mpx without your JAVA_HOME; it then takes the first java on their PATH, whichever that is.",
                    "run install.sh again, with a JDK " + BASELINE + " or newer"));
        }
        lookAtArchives(java, findings);
        return findings;
    }

    private static void lookAtJavaHome(String home, Path java, List<Finding> findings) {
        if (!Files.isExecutable(Path.of(home, "bin", "java"))) {
            findings.add(Finding.warn("JAVA_HOME is " + home + ", where there is no bin/java",
                    "mpx passes it over; other programs may not.", "unset JAVA_HOME, or set it to a JDK " + BASELINE + " or newer"));
        } else if (!java.startsWith(home) && !isSame(Path.of(home, "bin", "java"), java)) {
            findings.add(Finding.note("JAVA_HOME is " + home + ", and mpx runs on another", "It is older than " + BASELINE
                    + ", so it was passed over."));
        }
    }

    private static void lookAtArchives(Path java, List<Finding> findings) throws IOException {
        Optional<Path> maker = Installation.lib("make-archives");
        if (maker.isEmpty() || !Files.isRegularFile(maker.get())) {
            return; // no installation: started from its classes
        }
        Optional<String> by = Installation.firstLine(Installation.lib("java/archived-by"));
        boolean isWhole = List.of("shim", "serve", "cli").stream()
                .allMatch(part -> Files.isRegularFile(Installation.lib("java/" + part + ".jsa").orElseThrow()));
        if (by.isEmpty() || !isWhole) {
            findings.add(new Finding(Severity.NOTE, "there is no archive of its classes",
                    "Java starts two to three times as slowly without.",
                    maker.map(Path::toString), Optional.empty()));
        } else if (!isSame(Path.of(by.get()), java)) {
            findings.add(new Finding(Severity.NOTE, "the archive of its classes was made by another Java, " + by.get(),
                    "It is good for that alone, so this one starts two to three times as slowly.", maker.map(Path::toString),
                            Optional.empty()));
        }
    }

    private static boolean isSame(Path one, Path other) {
        try {
            return Files.isSameFile(one, other);
        } catch (IOException gone) {
            return false;
        }
    }
}
