/**
 * The one thread on which sockets are driven and messages are routed: a selector that is at the same time a
 * Reactor {@code Scheduler}, so that no byte changes threads between a socket and the multiplexer (a wake-up of
 * another thread costs more than everything else done to a message).
 *
 * <p>Must not know lines, links or peers: only channels, tasks and timers.
 */
package dev.mpx.transports.loop;
