package dev.mpx.bench.drive;

import dev.mpx.bench.BrokenBenchmark;
import dev.mpx.fixtures.json.Json;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Sessions that are open, until they are closed. Not thread-safe. */
public final class Crowd implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 30;

    private final Driver driver;
    private final Process process;
    private final BufferedReader in;
    private final Writer out;
    private final List<Long> pids;

    Crowd(Driver driver, Process process) {
        this.driver = driver;
        this.process = process;
        this.in = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        this.out = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        this.pids = Driver.longs(hear().at("pids"));
    }

    /** The sessions' processes. */
    public List<Long> pids() {
        return pids;
    }

    /** Makes calls and waits for their answers, all of which were right. */
    public Outcome measure(Load load) {
        say("go " + String.join(" ", load.words()) + "\n");
        return Outcome.of(hear());
    }

    private Json hear() {
        try {
            String line = in.readLine();
            if (line == null) {
                process.waitFor();
                throw driver.broken();
            }
            return Json.parse(line);
        } catch (IOException e) {
            throw new BrokenBenchmark("the driver can't be read", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BrokenBenchmark("interrupted", e);
        }
    }

    private void say(String line) {
        try {
            out.write(line);
            out.flush();
        } catch (IOException e) {
            throw driver.broken();
        }
    }

    /** Ends the sessions; a session whose process does not end by itself is killed. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new BrokenBenchmark("the driver does not end");
            }
        } catch (IOException e) {
            process.destroyForcibly(); // it has ended: whoever spoke with it was told why
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
