/**
 * Figures as Prometheus reads them, by Micrometer and the Prometheus client. Loaded when the first metrics are asked for, by a
 * class loader of its own: nothing else may name its classes.
 */
package dev.mpx.proxy.metrics.prometheus;
