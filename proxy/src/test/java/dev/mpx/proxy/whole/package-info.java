/**
 * The whole program from outside: the packaged launcher, real daemons, real sockets, and the scripted servers of the
 * fixtures behind them. One class a theme; what each test states is a rule that a user could see broken.
 *
 * <p>These tests know of mpx what a user can know: its command line, its files, its socket. They must not use its
 * classes.
 */
package dev.mpx.proxy.whole;
