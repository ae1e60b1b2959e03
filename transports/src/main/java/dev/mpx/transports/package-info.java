/**
 * What every transport owes: the {@link dev.mpx.transports.Link}, who is on its other side
 * ({@link dev.mpx.transports.Peer}), and the {@link dev.mpx.transports.ByteBudget} that bounds all of them
 * together. The transports themselves live in packages below this one; whoever routes messages imports only this.
 *
 * <p>Must not know what a message means: no method names, no sessions, no policy.
 */
package dev.mpx.transports;
