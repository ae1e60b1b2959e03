package dev.mpx.framing;

import java.util.Optional;

/**
 * A line that was longer than the limit. Its bytes are gone; what could be learned while they passed is
 * kept, so that the one request (or response) in it can still be answered.
 *
 * @param length bytes of the line without its terminator
 * @param id the top-level {@code id}, wherever in the line it stood, if it was a legal one
 * @param hasMethod whether a top-level {@code method} member was seen: a request or notification, else a response
 */
public record OversizedLine(long length, Optional<RpcId> id, boolean hasMethod) implements Line {}
