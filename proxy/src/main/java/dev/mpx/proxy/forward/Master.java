package dev.mpx.proxy.forward;

import dev.mpx.proxy.home.Endpoint;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A living connection of ssh(1) that others share by its control socket: the user's, or one that mpx has made. Nothing that
 * goes through it can open another connection in its place.
 */
final class Master {
    private static final Duration SHORT = Duration.ofSeconds(10);
    private static final Duration LOGIN = Duration.ofSeconds(40);
    /** A host that is gone is noticed after three of these, as by the relay. */
    private static final int ALIVE_SECONDS = 4;
    private static final long LOOK_MILLIS = 20;
    /** Settings of the user's for this host that are for other uses of it. */
    private static final List<String> ONLY_SHARED = List.of(
            "ControlMaster=yes", "ControlPersist=no", "ServerAliveInterval=" + ALIVE_SECONDS, "ServerAliveCountMax=3", "ConnectTimeout=10",
            "ClearAllForwardings=yes", "ForwardAgent=no", "ForwardX11=no", "Tunnel=no", "PermitLocalCommand=no", "RemoteCommand=none",
            "RequestTTY=no", "StreamLocalBindUnlink=yes", "StreamLocalBindMask=0177", "LogLevel=INFO");

    private final OpenSsh ssh;
    private final Endpoint.Ssh endpoint;
    private final Path control;
    /** Its process, if it is mpx's own. */
    private final Optional<Process> own;

    private Master(OpenSsh ssh, Endpoint.Ssh endpoint, Path control, Optional<Process> own) {
        this.ssh = ssh;
        this.endpoint = endpoint;
        this.control = control;
        this.own = own;
    }

    /** One whose control socket is known. It need not live. */
    static Master at(OpenSsh ssh, Endpoint.Ssh endpoint, Path control) {
        return new Master(ssh, endpoint, control, Optional.empty());
    }

    /** The user's, if he has one to that host and it lives. */
    static Optional<Master> ofUser(OpenSsh ssh, Endpoint.Ssh endpoint) throws InterruptedException {
        Optional<Master> known = ssh.sharedControl(endpoint).filter(Files::exists).map(path -> at(ssh, endpoint, path));
        return known.isPresent() && known.get().isAlive() ? known : Optional.empty();
    }

    /**
     * Connects as the user's settings say.
     *
     * @param mayAsk whether ssh may ask him on his terminal; then it may take as long as he does
     * @throws ForwardFailure with what helps
     */
    static Master begin(OpenSsh ssh, Endpoint.Ssh endpoint, Path control, boolean mayAsk) throws ForwardFailure, InterruptedException {
        List<String> words = new ArrayList<>(List.of("-N", "-T", "-S", path(control)));
        ONLY_SHARED.forEach(option -> words.addAll(List.of("-o", option)));
        if (!mayAsk) {
            words.addAll(List.of("-o", "BatchMode=yes"));
        }
        words.addAll(OpenSsh.destination(endpoint));
        Process process;
        try {
            Files.deleteIfExists(control);
            process = ssh.prepare(words).redirectInput(new File("/dev/null")).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        } catch (IOException e) {
            throw new ForwardFailure("ssh can't be run: " + e.getMessage());
        }
        Master master = new Master(ssh, endpoint, control, Optional.of(process));
        boolean isBegun = false;
        try {
            isBegun = master.awaitLogin(new Voice(process.getErrorStream(), mayAsk), mayAsk);
            return master;
        } finally {
            if (!isBegun) {
                master.end();
            }
        }
    }

    private boolean awaitLogin(Voice voice, boolean mayAsk) throws ForwardFailure, InterruptedException {
        long end = System.nanoTime() + LOGIN.toNanos();
        while (!Files.exists(control) || !isAlive()) {
            if (own.orElseThrow().waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                throw Complaint.of(endpoint, voice.last(), mayAsk);
            }
            if (!mayAsk && System.nanoTime() - end > 0) {
                throw new ForwardFailure(endpoint.host() + " has not let ssh in for " + LOGIN.toSeconds() + " s.");
            }
        }
        return true;
    }

    boolean isOwn() {
        return own.isPresent();
    }

    Path control() {
        return control;
    }

    boolean isAlive() throws InterruptedException {
        return own.map(Process::isAlive).orElse(true) && control("check").isWell();
    }

    /** Runs a command on the host. */
    Outcome run(String command, String input, Duration limit) throws InterruptedException {
        List<String> words = shared();
        words.addAll(List.of("-T", "--", endpoint.host(), command));
        return ssh.run(words, input, limit);
    }

    /** Has it listen on a socket here and lead who comes to one on the host. Whether that one is there, nobody looks. */
    Outcome forward(Path local, String remote) throws InterruptedException {
        return control("forward", "-L", local + ":" + remote);
    }

    /** Undoes that; the socket's file stays. */
    Outcome cancel(Path local, String remote) throws InterruptedException {
        return control("cancel", "-L", local + ":" + remote);
    }

    private Outcome control(String order, String... more) throws InterruptedException {
        List<String> words = shared();
        words.addAll(List.of("-O", order));
        words.addAll(List.of(more));
        words.addAll(List.of("--", endpoint.host()));
        return ssh.run(words, "", SHORT);
    }

    /** Without the user's settings, which were made for connections, and without a way to make one where this one has died. */
    private List<String> shared() {
        return new ArrayList<>(List.of("-F", "none", "-S", path(control), "-o", "ControlMaster=no", "-o", "BatchMode=yes", "-o", "ProxyCommand=false"));
    }

    /** A percent sign begins a name in it. */
    private static String path(Path control) {
        return control.toString().replace("%", "%%");
    }

    /** Ends it if it is mpx's own. */
    void end() throws InterruptedException {
        if (own.isPresent()) {
            own.get().destroy();
            if (!own.get().waitFor(SHORT.toSeconds(), TimeUnit.SECONDS)) {
                own.get().destroyForcibly();
            }
        }
    }

    /** Ends it whosever it is. */
    void endAnyway() throws InterruptedException {
        control("exit");
    }
}
