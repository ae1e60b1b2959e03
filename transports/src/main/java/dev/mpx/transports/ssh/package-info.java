/**
 * A connection to another machine by SSH (Apache MINA SSHD): where it leads (ssh_config(5), by way of {@code ssh -G}), whom it
 * believes (known_hosts, strictly), what it shows (keys, ssh-agent), and what runs over it: commands, and streams to UNIX
 * sockets of the other side. It must not know what the streams carry. The relay alone loads it, and MINA with it.
 */
package dev.mpx.transports.ssh;
