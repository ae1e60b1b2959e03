/**
 * What calls there were, as JSON lines: the latest are kept, and whoever follows is told of each. Must not hold the
 * multiplexer up, and must know neither sockets nor files.
 */
package dev.mpx.proxy.trace;
