/**
 * Texts of configuration, JSON and TOML, that are changed in one place and kept as they are in all others: where each value
 * stands, and the splices that set, add and remove one.
 *
 * <p>This package must not know of agents, servers or files: it takes a text and gives a text.
 */
package dev.mpx.proxy.agents.text;
