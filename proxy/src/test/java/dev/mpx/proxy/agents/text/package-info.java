/** Texts that are changed in one place. */
package dev.mpx.proxy.agents.text;
