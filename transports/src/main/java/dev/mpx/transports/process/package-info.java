/**
 * A child process as a link: its stdin and stdout carry lines, its stderr is kept for people, and its tree ends
 * with it as far as Java can tell who belongs to it.
 *
 * <p>{@link dev.mpx.transports.process.Stdio} is the way to its standard input and output: sockets on the event loop, to which a
 * guard connects it, or pipes. Everything that can block has a thread of its own here: writing to a full pipe, and closing one whose
 * reader is stopped, were seen to block for seconds.
 *
 * <p>Must not know what a line means, when a process should be restarted, or which program it is.
 */
package dev.mpx.transports.process;
