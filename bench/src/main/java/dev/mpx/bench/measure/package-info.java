/** The measurements with whole processes. Must not know how a way is brought up, nor how figures are shown. */
package dev.mpx.bench.measure;
