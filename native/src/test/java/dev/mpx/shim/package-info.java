/**
 * The native shim's parts that read what others say, by themselves. The shim as a whole is tried by the proxy module,
 * whose suite drives it and the Java shim alike.
 */
package dev.mpx.shim;
