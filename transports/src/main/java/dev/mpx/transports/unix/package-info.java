/**
 * UNIX sockets, on junixsocket and the event loop: the {@link dev.mpx.transports.unix.UnixListener} that lets
 * only its owner in, and the {@link dev.mpx.transports.unix.UnixDialer}. The link that both make is of {@link dev.mpx.transports.socket}.
 *
 * <p>Must not know what a line means, nor where mpx keeps its files.
 */
package dev.mpx.transports.unix;
