/**
 * What one machine asks of another's mpx by SSH: the command line that is sent, how its outcome reads, and how the other end
 * reads that line where a key is limited to it. Both ends stand here, since one must let through exactly what the other sends.
 *
 * <p>It must not know by which SSH client the line travels, nor what is said in a session.
 */
package dev.mpx.proxy.guest;
