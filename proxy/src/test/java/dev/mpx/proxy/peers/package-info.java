/**
 * mpx under peers that nobody here wrote: the TypeScript and Java SDKs, the MCP Inspector, the
 * reference server and the real MemPalace.
 *
 * <p>The tests know the packaged program alone, never its classes: what an agent's configuration
 * could name is all they start. They run where {@code test-fixtures/peers/install} has been run.
 */
package dev.mpx.proxy.peers;
