/**
 * The relay: elected like a daemon, in this machine's own runtime directory, it holds one SSH connection to another machine and
 * gives each local session a stream to the daemon there. It answers the greeting, status and stop itself; what follows the
 * greeting it copies and does not read.
 *
 * <p>Three kinds of threads: the loop has the local sockets, SSH's own bring what the host says, and a few block in what takes
 * its time (connecting, the greeting on the host). It must not know what a session says.
 */
package dev.mpx.proxy.relay;
