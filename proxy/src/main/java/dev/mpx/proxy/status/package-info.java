/**
 * How a daemon's state is shown: one screen of text for people, JSON for programs. Pure functions of plain values; must
 * not ask anybody for anything, and must not know where what it writes goes.
 */
package dev.mpx.proxy.status;
