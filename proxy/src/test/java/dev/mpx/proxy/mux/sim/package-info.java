/**
 * The multiplexer in a simulated world: seeded random clients, child and timing under virtual time, and an oracle
 * that predicts every line that may come out and looks at the whole after every step.
 *
 * <p>In every second seed calls have no deadlines, and almost all that happens is predicted exactly. In the others
 * {@link dev.mpx.proxy.mux.sim.Faults} come on top: a child that falls silent, dies around an answer, starts or ends
 * slowly or not at all, another writer that keeps the child's writes out, and a process that is stopped for seconds. There {@link dev.mpx.proxy.mux.sim.DeadlineOracle}
 * allows what time may have brought about, and insists on what it must have: nothing expires early, nothing is left
 * beyond its bound, a child that answers nobody is killed and no other is.
 *
 * <p>One run is a pure function of its seed. {@code -Dmpx.sim.seed=N} runs one seed and prints its events;
 * {@code -Dmpx.sim.seeds=N} sets how many are run.
 */
package dev.mpx.proxy.mux.sim;
