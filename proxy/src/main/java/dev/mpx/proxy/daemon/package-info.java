/**
 * The daemon: elected by the lock on {@code broker.lock}, it binds the socket, publishes {@code broker.json}, joins
 * links to the multiplexer, answers mpx's own methods, and leaves when idle or told to.
 *
 * <p>This is where the rooms are put together, so it may know all of them; none of them may know it. It must not look
 * into messages: that is the multiplexer's.
 */
package dev.mpx.proxy.daemon;
