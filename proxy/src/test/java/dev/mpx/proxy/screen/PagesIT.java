package dev.mpx.proxy.screen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mpx.proxy.whole.Run;
import dev.mpx.proxy.whole.UserHome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Completion in real shells, and manual pages by real formatters, as the build has packaged them. */
@Timeout(120)
class PagesIT {
    @RegisterExtension
    final UserHome user = new UserHome();

    private final Path share = Path.of(System.getProperty("mpx.dist"), "share").toAbsolutePath();

    private Run run(String program, String... words) throws Exception {
        Path file = Path.of("/usr/bin", program);
        assumeTrue(Files.isExecutable(file), program + " is missing");
        List<String> command = new ArrayList<>(List.of(file.toString()));
        command.addAll(List.of(words));
        return Run.of(command, user.environment(), user.directory());
    }

    /** What a shell that has loaded it offers for the last of these words. */
    private List<String> inBash(String... words) throws Exception {
        String quoted = "'" + String.join("' '", words) + "'";
        Run run = run("bash", "--norc", "-c", "source '" + share.resolve("bash-completion/completions/mpx") + "'; COMP_WORDS=(" + quoted + "); COMP_CWORD="
                + (words.length - 1) + "; $(complete -p mpx | sed 's/.*-F \\([^ ]*\\).*/\\1/') 2>/dev/null; printf '%s\\n' \"${COMPREPLY[@]}\"");
        assertThat(run.status()).as(run.toString()).isZero();
        return run.stdout().lines().map(String::strip).toList();
    }

    @Test
    void bashCompletesCommandsOptionsAndValues() throws Exception {
        assertThat(inBash("mpx", "st")).containsExactlyInAnyOrder("status", "stop");
        assertThat(inBash("mpx", "h")).containsExactly("hook");
        assertThat(inBash("mpx", "status", "--w")).containsExactly("--watch");
        assertThat(inBash("mpx", "status", "--color", "a")).containsExactlyInAnyOrder("auto", "always");
        assertThat(inBash("mpx", "run", "--de")).containsExactly("--detach");
    }

    private List<String> inFish(String line) throws Exception {
        Run run = run("fish", "-N", "-c", "source '" + share.resolve("fish/vendor_completions.d/mpx.fish") + "'; complete -C '" + line + "'");
        assertThat(run.stderr()).isEmpty();
        return run.stdout().lines().map(text -> text.replaceFirst("\t.*", "")).toList();
    }

    @Test
    void fishCompletesCommandsOptionsAndValues() throws Exception {
        assertThat(inFish("mpx st")).containsExactlyInAnyOrder("status", "stop");
        assertThat(inFish("mpx status --w")).containsExactly("--watch");
        assertThat(inFish("mpx status --color a")).containsExactlyInAnyOrder("auto", "always");
        assertThat(inFish("mpx run --de")).containsExactly("--detach");
    }

    @Test
    void zshCompletesCommandsOptionsAndValues() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/zsh")), "zsh is missing");
        try (Terminal terminal = Terminal.open(user, 100, 30, "env PS1='$ ' /usr/bin/zsh -f -i")) {
            terminal.press("fpath=(" + share.resolve("zsh/site-functions") + " $fpath); autoload -U compinit; compinit -D -u; clear", "Enter");
            terminal.await("a clear screen", screen -> screen.equals("$"));
            terminal.press("mpx sta", "Tab");
            terminal.await("a command", screen -> screen.startsWith("$ mpx status"));
            terminal.press("--wa", "Tab");
            terminal.await("an option", screen -> screen.startsWith("$ mpx status --watch"));
            terminal.press("C-u", "mpx status --color=alw", "Tab");
            terminal.await("a value", screen -> screen.startsWith("$ mpx status --color=always"));
            terminal.press("C-u", "mpx st", "Tab");
            terminal.await("descriptions", screen -> screen.contains("stop") && screen.contains("Who is connected"));
        }
    }

    @Test
    void everyCommandHasAManualPageThatFormattersTakeWithoutAWarning() throws Exception {
        List<Path> pages;
        try (Stream<Path> all = Files.list(share.resolve("man/man1"))) {
            pages = all.sorted().toList();
        }
        assertThat(pages).extracting(page -> page.getFileName().toString())
                .contains("mpx.1", "mpx-status.1", "mpx-run.1", "mpx-hook.1", "mpx-connect.1", "mpx-ensure.1");
        for (Path page : pages) {
            Run groff = run("groff", "-ww", "-man", "-Tascii", page.toString());
            assertThat(groff.stderr()).as(page.toString()).isEmpty();
            assertThat(run("mandoc", "-T", "lint", "-W", "warning", page.toString()).stdout()).as(page.toString()).isEmpty();
        }
        String status = run("groff", "-man", "-Tascii", "-P-c", share.resolve("man/man1/mpx-status.1").toString()).stdout().replaceAll(".\b", "");
        assertThat(status).contains("--watch[=INTERVAL]", "EXIT STATUS", "mpx(1)");
    }
}
