package dev.mpx.proxy.forward;

import dev.mpx.proxy.home.Endpoint;
import dev.mpx.proxy.home.Environment;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The ssh(1) on PATH. Blocks; whoever is interrupted while it runs hears so as an exception, and it is ended. */
final class OpenSsh {
    private final Path program;

    private OpenSsh(Path program) {
        this.program = program;
    }

    /** @throws ForwardFailure if there is none */
    static OpenSsh find(Environment environment, Endpoint.Ssh endpoint) throws ForwardFailure {
        String path = environment.get("PATH").orElse("/usr/bin:/bin");
        for (String directory : path.split(":")) {
            Path candidate = environment.absolute(directory).resolve("ssh");
            if (Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
                return new OpenSsh(candidate);
            }
        }
        throw new ForwardFailure("There is no ssh client on PATH, which is " + path + ". Install one (openssh-client), or do without:"
                + " MEMPALACE_BROKER=" + endpoint + " has mpx connect by itself.");
    }

    /** The words that name the host, behind all options. */
    static List<String> destination(Endpoint.Ssh endpoint) {
        List<String> words = new ArrayList<>();
        endpoint.user().ifPresent(user -> words.addAll(List.of("-l", user)));
        endpoint.port().ifPresent(port -> words.addAll(List.of("-p", Integer.toString(port))));
        words.addAll(List.of("--", endpoint.host()));
        return words;
    }

    ProcessBuilder prepare(List<String> words) {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(words);
        return new ProcessBuilder(command);
    }

    /** Runs it to its end. @param input what it finds on its standard input */
    Outcome run(List<String> words, String input, Duration limit) throws InterruptedException {
        Process process = null;
        try {
            process = prepare(words).start();
            CompletableFuture<String> stdout = read(process.getInputStream());
            CompletableFuture<String> stderr = read(process.getErrorStream());
            try (OutputStream in = process.getOutputStream()) {
                in.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException notRead) {
                // then it has ended, or does not want to know
            }
            boolean isDone = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (!isDone) {
                process.destroyForcibly();
                return new Outcome(OptionalInt.empty(), "", "it took longer than " + limit.toSeconds() + " s");
            }
            return new Outcome(OptionalInt.of(process.exitValue()), stdout.join(), stderr.join());
        } catch (IOException e) {
            return new Outcome(OptionalInt.empty(), "", String.valueOf(e.getMessage()));
        } finally {
            if (process != null) {
                process.destroy();
            }
        }
    }

    private static CompletableFuture<String> read(InputStream in) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException closed) {
                throw new UncheckedIOException(closed);
            }
        }, task -> {
            Thread thread = new Thread(task, "ssh-output");
            thread.setDaemon(true);
            thread.start();
        }).exceptionally(closed -> "");
    }

    /** Where the user's own settings have connections to that host shared, if they do. */
    Optional<Path> sharedControl(Endpoint.Ssh endpoint) throws InterruptedException {
        List<String> words = new ArrayList<>(List.of("-G"));
        words.addAll(destination(endpoint));
        return run(words, "", Duration.ofSeconds(10)).stdout().lines()
                .filter(line -> line.startsWith("controlpath "))
                .map(line -> line.substring("controlpath ".length()))
                .filter(path -> path.startsWith("/"))
                .map(Path::of).findFirst();
    }
}
