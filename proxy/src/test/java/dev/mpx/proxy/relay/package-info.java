/** Two sides on one machine, a host and a container with a home directory each, and a real sshd between them. */
package dev.mpx.proxy.relay;
