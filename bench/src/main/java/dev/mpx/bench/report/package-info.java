/** What was measured, as tables, plots and JSON. Must not know how it was measured. */
package dev.mpx.bench.report;
