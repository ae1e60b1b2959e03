/**
 * The fault storm: clients that write without a pause while processes of the packaged program are stopped and killed in
 * random order, and what must hold after each round whatever happened in it. Beside it, what must hold when a part of
 * the protection is missing.
 *
 * <p>Like the tests in {@code whole}, these know of mpx only what a user can know, and must not use its classes.
 */
package dev.mpx.proxy.storm;
