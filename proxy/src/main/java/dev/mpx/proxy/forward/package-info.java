/**
 * {@code mpx forward}: a socket of this machine that leads to the daemon of another one, kept up by way of the user's own ssh(1):
 * his connection, where one is shared by a ControlMaster, else one of mpx's own that he may be asked for a password for.
 *
 * <p>It must not know what a session says, nor the relay's way by SSH, which does without ssh(1).
 */
package dev.mpx.proxy.forward;
