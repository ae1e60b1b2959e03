/**
 * The jobs that borrow the palace from the daemon ({@code mpx run}): their queue, what joins what, and what status tells
 * of them. The contract is {@code docs/jobs.md}. Everything here happens on the multiplexer's scheduler.
 *
 * <p>Must not know of sockets, processes or locks: the borrower runs the command, and turns are given by
 * {@link dev.mpx.proxy.mux.Lending}.
 */
package dev.mpx.proxy.jobs;
