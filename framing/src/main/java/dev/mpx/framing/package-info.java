/**
 * Lines of bytes in and out, and what stands in them: the {@link dev.mpx.framing.LineSplitter}, the
 * scanner that finds byte ranges without building a tree, the {@link dev.mpx.framing.Splicer}, and the
 * JSON-RPC vocabulary ({@link dev.mpx.framing.Message}, {@link dev.mpx.framing.RpcId}).
 *
 * <p>A message is never decoded and encoded again. It stays the bytes it came as; a
 * {@link dev.mpx.framing.JsonValue} is a range in them, and a change is a splice that leaves every other
 * byte where it was. A small message stands in one array and is read when it is complete; a large one stands in segments and is
 * read while it comes. Which of the two it was makes no difference to anybody outside.
 *
 * <p>This package must not know of sockets, processes, threads, clocks, or of what any MCP method means.
 * Nothing here is thread-safe unless it is immutable, and nothing here blocks.
 */
package dev.mpx.framing;
