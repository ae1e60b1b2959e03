package dev.mpx.proxy.shim;

import java.io.IOException;
import java.io.RandomAccessFile;

/**
 * The process that started this one, looked after by asking the system who the parent is now: an orphan gets another.
 * The file in {@code /proc} stays open, since every idle shim asks ten times a second. Not thread-safe.
 */
final class Parent {
    private final long pid;
    private final byte[] stat = new byte[512];
    private RandomAccessFile file;

    /** @param pid of the parent at the start */
    Parent(long pid) {
        this.pid = pid;
        try {
            file = new RandomAccessFile("/proc/self/stat", "r");
        } catch (IOException notLinux) {
            file = null;
        }
    }

    boolean isGone() {
        return now() != pid;
    }

    private long now() {
        if (file == null) {
            return ProcessStat.self().parent();
        }
        try {
            file.seek(0);
            return parent(file.read(stat));
        } catch (IOException e) {
            return ProcessStat.self().parent();
        }
    }

    /** The fourth field; the second is a name in parentheses and may hold anything (proc_pid_stat(5)). */
    private long parent(int length) {
        int at = length - 1;
        while (at > 0 && stat[at] != ')') {
            at--;
        }
        long parent = 0;
        for (at += ") S ".length(); at < length && stat[at] != ' '; at++) {
            parent = parent * 10 + stat[at] - '0';
        }
        return parent;
    }
}
