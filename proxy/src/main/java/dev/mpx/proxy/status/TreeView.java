package dev.mpx.proxy.status;

/**
 * The server's process and all below it.
 *
 * @param pid of the first
 * @param residentBytes of all together; pages that two of them share count twice
 */
public record TreeView(long pid, int processes, long residentBytes) {}
