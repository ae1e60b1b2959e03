/**
 * How much goes through a link, the same for every transport: the {@link dev.mpx.transports.flow.Inlet} that
 * turns chunks into lines as they are asked for, the {@link dev.mpx.transports.flow.Outbox} of frames that wait,
 * and the {@link dev.mpx.transports.flow.ReadGate} that decides who may read when memory is short.
 *
 * <p>Must not know sockets or processes, nor what a line means.
 */
package dev.mpx.transports.flow;
