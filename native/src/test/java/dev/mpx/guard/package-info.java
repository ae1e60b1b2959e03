/**
 * The guard, seen from outside: real processes, started and ended in every way that was ever seen to leave some behind.
 * Knows the native program by its command line, its exit status, its lines on stderr and its lock files alone.
 */
package dev.mpx.guard;
