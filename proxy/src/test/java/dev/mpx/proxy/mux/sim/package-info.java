/**
 * The multiplexer in a simulated world: seeded random clients, child and timing under virtual time, and an oracle
 * that predicts every line that may come out and looks at the whole after every step.
 *
 * <p>One run is a pure function of its seed. {@code -Dmpx.sim.seed=N} runs one seed and prints its events;
 * {@code -Dmpx.sim.seeds=N} sets how many are run.
 */
package dev.mpx.proxy.mux.sim;
