package dev.mpx.proxy.cli;

/**
 * What a look at the daemon shows.
 *
 * @param status to exit with
 * @param out for standard output
 * @param err for standard error
 */
record StatusView(int status, String out, String err) {}
