package dev.mpx.transports.process;

/** Threads for what may block; none of them keeps the program alive. */
final class Daemons {
    private Daemons() {}

    static void start(String name, Runnable run) {
        Thread thread = new Thread(run, name);
        thread.setDaemon(true);
        thread.start();
    }
}
