/** The native program's side of docs/jobs.md, against a daemon that is made up. Knows nothing of the real one. */
package dev.mpx.proxy.borrower;
