/**
 * The commands of mpx that a person types, read with picocli: {@link dev.mpx.proxy.cli.Mpx} and one class for each. The
 * shim is not among them: {@code mpx} and {@code mpx connect} go to {@link dev.mpx.proxy.shim.ShimMain}.
 *
 * <p>This package must not know of sessions, calls or frames: it asks the daemon, and prints.
 */
package dev.mpx.proxy.cli;
