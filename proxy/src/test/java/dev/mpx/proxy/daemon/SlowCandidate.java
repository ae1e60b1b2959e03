package dev.mpx.proxy.daemon;

import dev.mpx.proxy.home.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A program that wins a home's election and then takes its time to begin: until a file {@code go} is there. For {@link TenureIT}. */
final class SlowCandidate implements Tenure.Incumbent {
    private static final Duration LOOK = Duration.ofMillis(10);

    private final Home home;
    private final CompletableFuture<String> leaving = new CompletableFuture<>();

    private SlowCandidate(Home home) {
        this.home = home;
    }

    public static void main(String[] arguments) {
        Home home = new Home(Path.of(arguments[0]));
        System.exit(Tenure.run(home, "daemon", logs -> begin(home)));
    }

    private static SlowCandidate begin(Home home) throws IOException {
        Files.createFile(home.brokerFile());
        while (!Files.exists(home.directory().resolve("go"))) {
            try {
                Thread.sleep(LOOK.toMillis());
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
        if (Files.exists(home.directory().resolve("fail"))) {
            throw new IOException("as told");
        }
        return new SlowCandidate(home);
    }

    @Override
    public void leave(String why) {
        leaving.complete(why);
    }

    @Override
    public int serve() throws IOException {
        Files.writeString(home.directory().resolve("left"), leaving.join());
        Files.delete(home.brokerFile());
        return 0;
    }

    @Override
    public void close() {}
}
