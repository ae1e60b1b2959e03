package dev.mpx.proxy.forward;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/** What a long-lived ssh(1) says on its standard error: its last lines are kept, and passed on if somebody watches. Any thread. */
final class Voice {
    private static final int KEPT = 30;

    private final Deque<String> lines = new ArrayDeque<>();
    private final Thread reader;

    Voice(InputStream from, boolean isPassedOn) {
        reader = new Thread(() -> read(from, isPassedOn), "ssh-says");
        reader.setDaemon(true);
        reader.start();
    }

    private void read(InputStream from, boolean isPassedOn) {
        try (BufferedReader text = new BufferedReader(new InputStreamReader(from, StandardCharsets.UTF_8))) {
            for (String line = text.readLine(); line != null; line = text.readLine()) {
                if (isPassedOn) {
                    System.err.println(line);
                }
                keep(line);
            }
        } catch (IOException gone) {
            // with its process
        }
    }

    private synchronized void keep(String line) {
        lines.add(line);
        if (lines.size() > KEPT) {
            lines.remove();
        }
    }

    /** All that it said, once its process has ended. */
    String last() throws InterruptedException {
        reader.join(1000);
        synchronized (this) {
            return String.join("\n", lines);
        }
    }
}
