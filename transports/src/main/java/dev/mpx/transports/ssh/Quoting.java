package dev.mpx.transports.ssh;

/** Words for a shell that is not known: single quotes mean the same to all of them. Stateless. */
final class Quoting {
    private Quoting() {}

    static String quote(String word) {
        return word.matches("[A-Za-z0-9_./:@%+=,-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
