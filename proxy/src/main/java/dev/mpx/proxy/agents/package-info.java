/**
 * The configurations of agents: where they are, which of their entries start the palace's server, and how these come to start mpx
 * instead and back again. {@link dev.mpx.proxy.agents.Agents#survey} only looks; {@link dev.mpx.proxy.agents.Installing} and
 * {@link dev.mpx.proxy.agents.Uninstalling} plan, and {@link dev.mpx.proxy.agents.FileEdit#apply} alone writes.
 *
 * <p>This package must not know of daemons, sockets or the command line, and prints nothing.
 */
package dev.mpx.proxy.agents;
