package dev.mpx.proxy.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** {@code mpx demo}: runs the demo of the fixtures in a process of its own, as its jars are no part of mpx. */
@Command(name = "demo", mixinStandardHelpOptions = true, description = "Eight clients on one small palace, and what came of it.")
final class DemoCommand implements Callable<Integer> {
    private static final String MAIN = "dev.mpx.fixtures.demo.Demo";

    // The demo reads its own options.
    @Unmatched
    private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path launcher = Path.of(System.getProperty("mpx.launcher", ""));
        Path lib = launcher.resolveSibling("../lib").normalize();
        if (!Files.isDirectory(lib.resolve("demo"))) {
            System.err.println("mpx: this installation has no demo (" + lib.resolve("demo") + " is missing).");
            return ExitStatus.DEGRADED;
        }
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC", "-Xmx256m",
                "-cp", lib.resolve("demo") + "/*:" + lib + "/*",
                MAIN, "--mpx", launcher.toString()));
        command.addAll(arguments);
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }
}
