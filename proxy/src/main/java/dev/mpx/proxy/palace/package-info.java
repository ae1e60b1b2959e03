/**
 * What is special to MemPalace, as data: which of its tools only read, what its process needs in its environment, how
 * many calls it takes at once, how long its tools may take. Source: FACTS.md ("The real palace server").
 *
 * <p>Must not hold any behaviour, and nothing outside this package may name a palace's tool.
 */
package dev.mpx.proxy.palace;
