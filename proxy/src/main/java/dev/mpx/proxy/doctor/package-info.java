/**
 * {@code mpx doctor}: looks at an installation, a home and a palace from outside, says what is wrong, why it matters and what mends it,
 * and mends what can be mended without risk. One small {@link dev.mpx.proxy.doctor.Check} for each thing that is looked at.
 *
 * <p>It starts no server and opens no palace. Nothing here may wait without a limit: what is looked at may hang, which is why somebody
 * looks. It must not know of calls, frames or the command line.
 */
package dev.mpx.proxy.doctor;
