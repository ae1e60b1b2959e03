/** {@code mpx forward} with the real ssh(1). */
package dev.mpx.proxy.forward;
