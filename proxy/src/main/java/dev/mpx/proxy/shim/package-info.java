/**
 * The small program that an agent starts: finds the daemon or starts it, says who it is, and then relays bytes between
 * the agent's pipes and the daemon's socket ({@link dev.mpx.proxy.shim.ShimMain}).
 *
 * <p>An agent waits for it, so it starts fast: no picocli, Jackson, Reactor, junixsocket, logging, regular expressions
 * or lambdas on the way to the first answer. It must not know what any MCP method means. Nothing but protocol is ever
 * written to standard output.
 */
package dev.mpx.proxy.shim;
