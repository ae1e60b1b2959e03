/**
 * What links over any kind of stream socket share: the {@link dev.mpx.transports.socket.SocketLink}, which reads and
 * writes a channel that is connected, and the {@link dev.mpx.transports.socket.SocketTransport} with what all of them
 * have in common.
 *
 * <p>Must not know how a connection came about, nor what a line means.
 */
package dev.mpx.transports.socket;
