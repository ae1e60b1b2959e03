package dev.mpx.proxy.mux;

import reactor.core.publisher.Mono;

/** Measures what a process and its descendants hold in memory, elsewhere than on the multiplexer's thread; answers on it. */
@FunctionalInterface
public interface TreeMemory {
    /** Resident bytes; empty where that can't be told. */
    Mono<Long> resident(long pid);
}
