package dev.mpx.proxy.jobs;

import dev.mpx.framing.JsonValue;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a borrower asks for ({@code mpx/borrow}, docs/jobs.md).
 *
 * @param key two orders with the same one want the same thing done
 * @param patience how long it waits for its turn; zero: not at all; empty: as long as it takes
 * @param time what its command is given, after which its own guard ends it; empty: there is no limit
 * @param detached it does not wait for the end of a job that it has joined
 * @param resumes it has the palace already, from a daemon that is gone
 */
record Order(
        String key,
        List<String> command,
        String directory,
        OptionalLong pid,
        Optional<Duration> patience,
        Optional<Duration> time,
        boolean detached,
        boolean resumes) {
    private static final int LONGEST_WORDS = 160;

    /** Empty if a member that must be there is not, or is of no use. */
    static Optional<Order> read(JsonValue params) {
        Optional<String> key = params.get("key").flatMap(JsonValue::text);
        List<String> command = params.get("command").map(JsonValue::elements).orElse(List.of()).stream()
                .flatMap(word -> word.text().stream())
                .toList();
        Optional<Long> wait = params.get("waitMs").flatMap(JsonValue::integer).filter(millis -> millis >= 0);
        Optional<Long> time = params.get("timeoutMs").flatMap(JsonValue::integer).filter(millis -> millis > 0);
        return key.filter(k -> !command.isEmpty()).map(k -> new Order(
                k,
                command,
                params.get("cwd").flatMap(JsonValue::text).orElse(""),
                params.get("pid").flatMap(JsonValue::integer).map(OptionalLong::of).orElse(OptionalLong.empty()),
                wait.map(Duration::ofMillis),
                time.map(Duration::ofMillis),
                params.get("detached").filter(JsonValue::isTrue).isPresent(),
                params.get("resumes").filter(JsonValue::isTrue).isPresent()));
    }

    /** The command for people, cut to what fits into a sentence. */
    String words() {
        String words = String.join(" ", command);
        return words.length() <= LONGEST_WORDS ? words : words.substring(0, LONGEST_WORDS) + "…";
    }
}
