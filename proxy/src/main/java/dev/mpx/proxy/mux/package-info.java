/**
 * The multiplexer: many client sessions, one child server session.
 *
 * <p>The path of a call: {@link dev.mpx.proxy.mux.ClientMessages} reads a session's line and applies the policy of
 * PROTOCOL.md (one {@link dev.mpx.proxy.mux.RequestRule} per method that needs more than forwarding);
 * {@link dev.mpx.proxy.mux.Calls} queues it fairly, hands it to the {@link dev.mpx.proxy.mux.Child} within the
 * window and correlates the answer; {@link dev.mpx.proxy.mux.ChildMessages} reads the child's line; the id is spliced
 * back and the session's link takes it. What the child asks of clients goes through
 * {@link dev.mpx.proxy.mux.ServerRequests}.
 *
 * <p>Everything here runs on one Reactor scheduler and is confined to it: no locks, no volatile fields, and virtual
 * time in tests. It must not know sockets, processes, files or clocks (time is the scheduler's), must not block, and
 * holds no condition on any particular server: what is special to one is data in
 * {@link dev.mpx.proxy.mux.ServerTraits}.
 */
package dev.mpx.proxy.mux;
