package dev.mpx.proxy.whole;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mpx.fixtures.client.McpClient;
import dev.mpx.fixtures.client.McpClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Another kernel, as far as one machine can play it: it sees the user's home by a FUSE mount, on which locks and sockets
 * are not those of the home itself, and has a boot id of its own. Needs root, bindfs, unshare and /dev/fuse.
 */
final class OtherKernel implements AutoCloseable {
    private static final String RUN = "mount --bind \"$1\" /proc/sys/kernel/random/boot_id && shift && exec \"$@\"";

    private final UserHome user;
    private final Path home;
    private final Path bootId;
    private final Map<String, String> environment = new LinkedHashMap<>();
    private boolean natively;

    private OtherKernel(UserHome user, String name) throws IOException {
        this.user = user;
        this.home = Files.createDirectories(user.directory().resolve(name));
        this.bootId = Files.writeString(user.directory().resolve(name + ".boot"), name + "\n");
    }

    static void canBePlayed() throws IOException {
        assumeTrue(Files.exists(Path.of("/dev/fuse")), "there is no /dev/fuse");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/bindfs")), "bindfs is missing");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/unshare")), "unshare is missing");
        assumeTrue(Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0), "this user is not root");
    }

    /** @param name its boot id, and that of the directory where it sees the home */
    static OtherKernel named(String name, UserHome user) throws IOException {
        OtherKernel other = new OtherKernel(user, name);
        Files.createDirectories(user.home());
        run("bindfs", user.home().toString(), other.home.toString());
        return other;
    }

    private static void run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        if (process.onExit().join().exitValue() != 0) {
            throw new AssertionError(List.of(command) + ": " + said);
        }
    }

    /** Where it sees the user's home. */
    Path home() {
        return home;
    }

    /** Sets a variable for what is started there. */
    OtherKernel with(String name, String value) {
        environment.put(name, value);
        return this;
    }

    private Map<String, String> environment() {
        Map<String, String> all = new LinkedHashMap<>(user.environment());
        all.putAll(environment);
        return all;
    }

    /** Runs the packaged program itself there, whatever that is. */
    OtherKernel natively() {
        natively = true;
        return this;
    }

    /** On Java, unless it was said otherwise. */
    private List<String> command(List<String> words) {
        List<String> command = new ArrayList<>(List.of("/usr/bin/unshare", "-m", "/bin/sh", "-c", RUN, "sh", bootId.toString(),
                natively ? UserHome.launcher().toString() : UserHome.launcher().getParent().resolveSibling("lib/mpx.sh").toString()));
        command.addAll(words);
        return command;
    }

    private List<String> words(String command, List<String> server) {
        List<String> words = new ArrayList<>(List.of(command, "--home", home.toString(), "--"));
        words.addAll(server);
        return words;
    }

    Run ensure(List<String> server) throws Exception {
        return Run.of(command(words("ensure", server)), environment(), user.directory());
    }

    Run serve(List<String> server) throws Exception {
        return Run.of(command(words("serve", server)), environment(), user.directory());
    }

    Run mpx(String command) throws Exception {
        return Run.of(command(List.of(command, "--home", home.toString())), environment(), user.directory());
    }

    McpClientBuilder agent(List<String> server) {
        return McpClient.process(command(words("connect", server)))
                .onlyEnvironment(environment()).directory(user.directory()).timeout(UserHome.PATIENCE);
    }

    @Override
    public void close() throws IOException {
        run("umount", "-l", home.toString());
    }
}
