/**
 * TCP for guests: the {@link dev.mpx.transports.tcp.TcpListener} that lets in who shows the
 * {@link dev.mpx.transports.tcp.Token} first. The link is that of {@link dev.mpx.transports.socket}.
 *
 * <p>Must not know what a line means, nor how a client gets the token.
 */
package dev.mpx.transports.tcp;
