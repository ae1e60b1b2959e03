/** Tests of {@code mpx doctor}: its parts by themselves, and the packaged program in situations that are real. */
package dev.mpx.proxy.doctor;
