/** The native driver as Java sees it, and what the kernel tells of processes. Must not know which way is measured. */
package dev.mpx.bench.drive;
