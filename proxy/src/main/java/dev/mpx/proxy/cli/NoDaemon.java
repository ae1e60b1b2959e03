package dev.mpx.proxy.cli;

import dev.mpx.proxy.home.Endpoint;
import dev.mpx.proxy.home.Unit;
import dev.mpx.proxy.shim.Discovery;
import java.time.Duration;
import java.util.Optional;

/**
 * That there is no daemon to ask, in the same words for whoever asks one: why, with where it was looked for, and what helps.
 *
 * @param prose what helps, as a sentence without a full stop
 * @param command that the sentence leads up to; empty if to none
 */
record NoDaemon(Discovery discovery, String why, String prose, String command) {
    /** Nobody takes a connection. */
    static NoDaemon absent(Discovery discovery, ServerOptions server) {
        String whose = discovery.relayed().map(endpoint -> "no relay to " + endpoint + " runs here")
                .orElse("none answers for " + discovery.home().directory());
        return starts(discovery, server, discovery.trouble().orElse(whose + " " + server.tried(discovery)));
    }

    /** One takes connections. */
    static NoDaemon silent(Discovery discovery, ServerOptions server, Duration limit) {
        String why = "it takes connections but has not answered for " + limit.toSeconds() + " s " + server.tried(discovery);
        return discovery.isElsewhere() ? new NoDaemon(discovery, why, "if it hangs, replace it with \"mpx restart\" where it lives", "")
                : commanded(discovery, server, why, "if it hangs, this replaces it: ", "restart");
    }

    /** It hung up. */
    static NoDaemon left(Discovery discovery, ServerOptions server) {
        boolean isTcp = discovery.endpoint().filter(Endpoint.Tcp.class::isInstance).isPresent();
        String why = isTcp ? "it hung up, since it is just leaving or the token is not its own " : "it is just leaving ";
        return starts(discovery, server, why + server.tried(discovery));
    }

    /** It has answered, or would have, and is gone. */
    static NoDaemon gone(Discovery discovery, ServerOptions server) {
        return starts(discovery, server, "it has left " + server.tried(discovery));
    }

    private static NoDaemon starts(Discovery discovery, ServerOptions server, String why) {
        if (discovery.isPrescribed()) {
            return new NoDaemon(discovery, why, "that endpoint is set by --endpoint, MEMPALACE_BROKER or mpx.toml: start that daemon with"
                    + " \"mpx ensure\" where it lives", "");
        }
        return discovery.isElsewhere() ? new NoDaemon(discovery, why,
                "broker.json there was written by a daemon under another kernel: start that with \"mpx ensure\" on its machine", "")
                : commanded(discovery, server, why, "this starts it: ", "ensure");
    }

    /** The service's own command where one keeps the daemon, which starts it in any case. */
    private static NoDaemon commanded(Discovery discovery, ServerOptions server, String why, String that, String command) {
        Optional<Unit> unit = Unit.of(discovery.home());
        return new NoDaemon(discovery, why, unit.map(one -> "the service " + one.name() + " keeps it; ").orElse("") + that,
                unit.map(Unit::restart).orElseGet(() -> server.hint(command)));
    }

    /** All of what helps. */
    String advice() {
        return prose + command;
    }

    /** Why, without a full stop. */
    String reason() {
        return why.endsWith(".") ? why.substring(0, why.length() - 1) : why;
    }
}
