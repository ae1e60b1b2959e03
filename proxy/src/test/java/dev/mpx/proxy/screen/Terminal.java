package dev.mpx.proxy.screen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mpx.proxy.whole.Run;
import dev.mpx.proxy.whole.UserHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** A terminal that nobody sits at: tmux, on a server of its own, with one shell in it. */
final class Terminal implements AutoCloseable {
    private final UserHome user;
    private final Map<String, String> environment;

    private Terminal(UserHome user) {
        this.user = user;
        this.environment = new LinkedHashMap<>(user.environment());
        environment.put("TMUX_TMPDIR", user.directory().toString());
        environment.put("TERM", "xterm-256color");
        environment.put("LC_ALL", "C.UTF-8");
    }

    /** @param shell a command line; prompts with "$ " */
    static Terminal open(UserHome user, int columns, int rows, String shell) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/tmux")), "tmux is missing");
        Terminal terminal = new Terminal(user);
        terminal.tmux("new-session", "-d", "-x", Integer.toString(columns), "-y", Integer.toString(rows), shell);
        terminal.await("a prompt", screen -> screen.contains("$"));
        return terminal;
    }

    private String tmux(String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of("/usr/bin/tmux", "-L", "mpx", "-f", "/dev/null"));
        command.addAll(List.of(words));
        Run run = Run.of(command, environment, user.directory());
        assertThat(run.status()).as("%s: %s", command, run).isZero();
        return run.stdout();
    }

    /** What stands on it, without blanks at the end. */
    String screen() {
        try {
            return tmux("capture-pane", "-p").stripTrailing();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** The same as somebody copies it: a line that the terminal goes on with in the next row is one. */
    String copied() throws Exception {
        return tmux("capture-pane", "-p", "-J").replaceAll("(?m) +$", "").stripTrailing();
    }

    /** @param keys as tmux calls them; what is none is typed */
    void press(String... keys) throws Exception {
        List<String> words = new ArrayList<>(List.of("send-keys", "--"));
        words.addAll(List.of(keys));
        tmux(words.toArray(String[]::new));
    }

    void resize(int columns, int rows) throws Exception {
        tmux("resize-window", "-x", Integer.toString(columns), "-y", Integer.toString(rows));
    }

    String await(String what, Predicate<String> wanted) {
        try {
            org.awaitility.Awaitility.await(what).atMost(UserHome.PATIENCE).until(this::screen, wanted);
            return screen();
        } catch (RuntimeException late) {
            throw new AssertionError("no " + what + " on the screen:\n" + screen(), late);
        }
    }

    /** Whether the program in it has asked for the other screen. */
    boolean showsOtherScreen() throws Exception {
        return tmux("display-message", "-p", "#{alternate_on}").strip().equals("1");
    }

    boolean showsCursor() throws Exception {
        return tmux("display-message", "-p", "#{cursor_flag}").strip().equals("1");
    }

    @Override
    public void close() throws IOException {
        try {
            tmux("kill-server");
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("tmux does not end", e);
        }
    }
}
