package dev.mpx.transports;

import reactor.core.publisher.Mono;

/** Starts the one process that a daemon serves. */
@FunctionalInterface
public interface Launcher {
    /** Starts it when subscribed to, off the caller's thread, and gives its link on the link's scheduler; an error says in plain words why it can't be started. */
    Mono<ProcessLink> launch();
}
