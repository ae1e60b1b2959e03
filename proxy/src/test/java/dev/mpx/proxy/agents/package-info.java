/** Agents' configurations that come to start mpx, and come back byte for byte. */
package dev.mpx.proxy.agents;
