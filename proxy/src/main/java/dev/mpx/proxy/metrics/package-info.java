/**
 * What a daemon counts and measures, for programs that watch it. Must not know where figures come from, nor, but for
 * {@code prometheus}, the libraries that write them.
 */
package dev.mpx.proxy.metrics;
