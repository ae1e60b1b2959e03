/**
 * The small program that an agent starts: finds the daemon or starts it, says who it is, and then relays bytes between
 * the agent's pipes and the daemon's socket ({@link dev.mpx.proxy.shim.ShimMain}). When that daemon goes away it carries the
 * session to the next one ({@link dev.mpx.proxy.shim.Reconnection}).
 *
 * <p>An agent waits for it, so it starts fast: no picocli, Jackson, Reactor, junixsocket, logging, regular expressions
 * or lambdas on the way to the first answer. Of MCP it knows the few methods that make
 * a session what it is ({@code SessionMemory}) and no other. Nothing but protocol is ever
 * written to standard output.
 */
package dev.mpx.proxy.shim;
