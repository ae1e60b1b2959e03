/**
 * UNIX sockets, on junixsocket and the event loop: the {@link dev.mpx.transports.unix.UnixListener} that lets
 * only its owner in, the {@link dev.mpx.transports.unix.UnixDialer}, and the link that both make.
 *
 * <p>Must not know what a line means, nor where mpx keeps its files.
 */
package dev.mpx.transports.unix;
