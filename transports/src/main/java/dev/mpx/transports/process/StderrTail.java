package dev.mpx.transports.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads a process's stderr and remembers its last lines. Lines are cut at a length; how much comes in does not matter. */
final class StderrTail implements Runnable {
    static final int LINES = 50;
    static final int LINE_BYTES = 2048;

    private static final Logger LOG = LoggerFactory.getLogger(StderrTail.class);

    /** What a terminal would do something else with than show it; these words get into errors and screens. */
    private static final Pattern HARMFUL =
            Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}\\x{61C}\\x{200E}\\x{200F}\\x{202A}-\\x{202E}\\x{2066}-\\x{2069}&&[^\t]]");

    private final InputStream stderr;
    private final Consumer<String> log;
    private final Runnable ended;
    private final ArrayDeque<String> last = new ArrayDeque<>();
    private final byte[] line = new byte[LINE_BYTES];
    private int length;

    StderrTail(InputStream stderr, Consumer<String> log, Runnable ended) {
        this.stderr = stderr;
        this.log = log;
        this.ended = ended;
    }

    List<String> lastWords() {
        synchronized (last) {
            return List.copyOf(last);
        }
    }

    @Override
    public void run() {
        byte[] chunk = new byte[8192];
        try {
            for (int n = stderr.read(chunk); n >= 0; n = stderr.read(chunk)) {
                for (int i = 0; i < n; i++) {
                    take(chunk[i]);
                }
            }
        } catch (IOException e) {
            LOG.debug("reading stderr", e);
        } finally {
            if (length > 0) {
                endLine();
            }
            ended.run();
        }
    }

    private void take(byte b) {
        if (b == '\n') {
            endLine();
        } else if (length < LINE_BYTES) {
            line[length++] = b;
        }
    }

    private void endLine() {
        int end = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
        String text = new String(line, 0, end, StandardCharsets.UTF_8);
        length = 0;
        synchronized (last) {
            if (last.size() == LINES) {
                last.removeFirst();
            }
            last.addLast(HARMFUL.matcher(text).replaceAll("\uFFFD"));
        }
        try {
            log.accept(text);
        } catch (RuntimeException e) {
            LOG.warn("a line of stderr could not be logged", e);
        }
    }
}
