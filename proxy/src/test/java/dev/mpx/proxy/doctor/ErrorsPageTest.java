package dev.mpx.proxy.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every reason that an error can have stands on the page of errors: those are taken from the sources, Java's and the native program's. */
class ErrorsPageTest {
    /** A word for programs, as a whole string: with a dash in it, or one of the few without. */
    private static final Pattern WORD = Pattern.compile("\"([a-z]+(?:-[a-z]+)+|lent|timeout|refused)\"");
    /** Where reasons are made up: the faults of calls, of jobs, and of a shim without a daemon. */
    private static final List<String> JAVA = List.of("mux/CallFaults.java", "mux/Fault.java", "mux/Departure.java",
            "mux/ClientMessages.java",
            "jobs/JobQueue.java", "shim/Failure.java", "shim/NoDaemonException.java", "shim/Hello.java", "relay/Words.java");
    private static final List<String> NO_REASONS = List.of("mpx-hello", "not-sent");
    private static final Pattern NATIVE = Pattern.compile("(?:\\.reason = |trouble\\(finder, )\"([a-z-]+)\"");

    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        return Files.isDirectory(here.resolve("docs")) ? here : here.getParent();
    }

    private static void add(Set<String> reasons, Pattern pattern, Path file) throws IOException {
        Matcher found = pattern.matcher(Files.readString(file));
        while (found.find()) {
            reasons.add(found.group(1));
        }
    }

    @Test
    void everyReasonIsExplained() throws IOException {
        Set<String> reasons = new LinkedHashSet<>();
        for (String file : JAVA) {
            add(reasons, WORD, root().resolve("proxy/src/main/java/dev/mpx/proxy").resolve(file));
        }
        try (Stream<Path> sources = Files.walk(root().resolve("native/src"))) {
            for (Path source : sources.filter(file -> file.toString().endsWith(".c")).toList()) {
                add(reasons, NATIVE, source);
            }
        }
        NO_REASONS.forEach(reasons::remove);
        assertThat(reasons).as("found in the sources").contains("timeout", "queue-full", "no-daemon", "too-much-waits", "lent",
                "waited-too-long")
                .hasSizeGreaterThanOrEqualTo(18);
        String page = Files.readString(root().resolve("docs/errors.md"));
        assertThat(reasons).allSatisfy(reason -> assertThat(page).contains("`" + reason + "`"));
    }

    @Test
    void everyCodeOfMpxsOwnIsThere() throws IOException {
        String page = Files.readString(root().resolve("docs/errors.md"));
        for (int code = 32010; code <= 32016; code++) {
            assertThat(page).contains("-" + code);
        }
    }

    /** First words of what is told of another owner, and where they are made up: neither may change alone. */
    @Test
    void everySentenceOfAnotherOwnerIsExplained() throws IOException {
        String page = Files.readString(root().resolve("docs/errors.md"));
        Map.of("The daemon already runs", "proxy/src/main/java/dev/mpx/proxy/home/ServerCommand.java",
                "This home's daemon serves", "proxy/src/main/java/dev/mpx/proxy/home/ServerCommand.java",
                "A daemon with another home", "transports/src/main/java/dev/mpx/transports/process/GuardRefusal.java",
                "Something else uses the same data", "transports/src/main/java/dev/mpx/transports/process/GuardRefusal.java",
                "An earlier server of this home has not ended yet", "transports/src/main/java/dev/mpx/transports/process/GuardRefusal.java",
                "Another mpx daemon, with another home", "proxy/src/main/java/dev/mpx/proxy/daemon/WriterLocks.java",
                "Another machine or container owns these data", "proxy/src/main/java/dev/mpx/proxy/daemon/Lease.java",
                "mpx: another ", "proxy/src/main/java/dev/mpx/proxy/daemon/Tenure.java",
                "another process has held ", "proxy/src/main/java/dev/mpx/proxy/daemon/Election.java").forEach((words, file) -> {
            assertThat(root().resolve(file)).content().contains(words);
            assertThat(page).as("the page").contains(words);
        });
    }
}
