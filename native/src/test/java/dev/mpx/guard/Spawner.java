package dev.mpx.guard;

import java.io.IOException;

/** A JVM that starts a command, hands its stdout on, and stays until it is killed. */
final class Spawner {
    private Spawner() {}

    public static void main(String[] command) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        System.out.println("guard " + process.pid());
        process.getInputStream().transferTo(System.out);
        process.waitFor();
    }
}
