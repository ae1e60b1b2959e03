/**
 * Which server is meant, where its home is, and what lies there: the {@link dev.mpx.proxy.home.ServerCommand}, its
 * {@link dev.mpx.proxy.home.Palace}, the {@link dev.mpx.proxy.home.Home} directory, and the
 * {@link dev.mpx.proxy.home.BrokerFile} in which a daemon says how to reach it.
 *
 * <p>Shim, daemon and command line must come to the same answer, so it is given in this one place. Everything
 * is derived from an {@link dev.mpx.proxy.home.Environment}, never from the process behind its back.
 *
 * <p>This package is loaded by every shim at its start: it must not know of Jackson, Reactor, junixsocket,
 * picocli or a logging framework, nor of sessions and calls.
 */
package dev.mpx.proxy.home;
