package dev.mpx.proxy.mux;

import reactor.core.publisher.Mono;

/** Says who a process is, for errors that name one; looks elsewhere than on the multiplexer's thread, and answers on it. */
@FunctionalInterface
public interface Holders {
    /** Such as {@code pid 4711 (python -m mempalace mine …), running since 12:01}. Never empty, never an error. */
    Mono<String> describe(long pid);
}
