/**
 * Tool schemas that model APIs accept. Several of them take no {@code anyOf}, {@code oneOf} or {@code allOf} at the root
 * of a tool's {@code inputSchema} and refuse every tool of a request for the sake of one that has it; so in a list of
 * tools such a schema is replaced by the nearest one without, and what it says no more is said in the tool's description.
 *
 * <p>Pure functions of bytes. Must not know where a list comes from, or which server's it is.
 */
package dev.mpx.proxy.mux.schema;
