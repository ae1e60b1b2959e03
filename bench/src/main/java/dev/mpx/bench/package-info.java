/**
 * The benchmark suite: what is measured, in which order, and what was measured. Knows mpx by its command line, its
 * {@code broker.json} and, in {@code micro}, its classes; nothing of mpx knows it.
 */
package dev.mpx.bench;
