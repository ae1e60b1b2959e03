/** Placeholder. */
package dev.mpx.proxy;
