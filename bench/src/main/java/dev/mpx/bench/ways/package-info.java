/** The ways from an agent to the trivial server that are compared: how each is brought up, and by which command a session is started. */
package dev.mpx.bench.ways;
