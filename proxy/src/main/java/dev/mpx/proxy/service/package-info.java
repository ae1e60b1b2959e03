/**
 * The daemon as a service of the user's: a systemd user unit or a launchd agent, written, started, stopped and removed.
 *
 * <p>This package must not know of sockets or the command line, and decides nothing: whether there may be a service is its caller's
 * to find out.
 */
package dev.mpx.proxy.service;
