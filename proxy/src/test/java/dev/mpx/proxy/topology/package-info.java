/**
 * A host and a container that is another machine to it, with mpx on one of them or on both: what holds there as a whole. It must
 * not know how mpx gets from one to the other.
 */
package dev.mpx.proxy.topology;
