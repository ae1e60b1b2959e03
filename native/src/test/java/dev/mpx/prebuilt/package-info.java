/** The programs that are built for other machines; they are tried in the profile that builds them, {@code -Pprebuilt}. */
package dev.mpx.prebuilt;
