package dev.mpx.proxy.storm;

import dev.mpx.fixtures.client.McpClient;
import dev.mpx.fixtures.client.McpClientBuilder;
import dev.mpx.proxy.whole.Run;
import dev.mpx.proxy.whole.UserHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The packaged program as it is installed where there is no C compiler: all of it but the native program. */
record Unguarded(UserHome user, Path launcher) {
    static Unguarded install(UserHome user) throws IOException {
        Path whole = UserHome.launcher().getParent().getParent();
        Path copy = user.directory().resolve("dist");
        Path launcher = Files.createDirectories(copy.resolve("bin")).resolve("mpx");
        Files.copy(whole.resolve("lib/mpx.sh"), launcher);
        Path lib = Files.createDirectories(copy.resolve("lib"));
        try (Stream<Path> files = Files.list(whole.resolve("lib"))) {
            for (Path file : files.toList()) {
                Files.createSymbolicLink(lib.resolve(file.getFileName()), file);
            }
        }
        return new Unguarded(user, launcher);
    }

    McpClientBuilder agent(List<String> server) {
        return McpClient.process(command(user.words(server)))
                .onlyEnvironment(user.environment()).directory(user.directory()).timeout(UserHome.PATIENCE);
    }

    Run mpx(String... words) throws IOException, InterruptedException {
        return Run.of(command(List.of(words)), user.environment(), user.directory());
    }

    private List<String> command(List<String> words) {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(words);
        return command;
    }
}
