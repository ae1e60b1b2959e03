package dev.mpx.proxy.daemon;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Who listens on a TCP port of this machine, by Linux' {@code /proc} (proc(5)), which tells nothing of other users' processes.
 * Stateless.
 */
final class PortHolder {
    private static final Path PROC = Path.of("/proc");
    private static final List<String> TABLES = List.of("self/net/tcp", "self/net/tcp6");
    /** TCP_LISTEN of the kernel's tcp_states.h, in hexadecimal. */
    private static final String LISTENS = "0A";
    private static final int HEX_DIGITS_OF_A_WORD = 8;

    private PortHolder() {}

    /** Whether it can be told at all. */
    static boolean canBeTold() {
        return Files.isReadable(PROC.resolve(TABLES.get(0)));
    }

    /** The process that keeps others from listening there; empty where there is none, or it can't be told. Blocks. */
    static OptionalLong of(InetSocketAddress address) {
        Set<String> sockets = new HashSet<>();
        for (String table : TABLES) {
            try {
                Files.readAllLines(PROC.resolve(table), StandardCharsets.US_ASCII).stream().skip(1)
                        .map(line -> line.strip().split("\\s+"))
                        .filter(columns -> columns.length > 9 && columns[3].equals(LISTENS) && isInTheWay(columns[1], address))
                        .forEach(columns -> sockets.add("socket:[" + columns[9] + "]"));
            } catch (IOException | RuntimeException none) {
                // no such protocol, or no such system
            }
        }
        return sockets.isEmpty() ? OptionalLong.empty()
                : ProcessHandle.allProcesses().mapToLong(ProcessHandle::pid).filter(pid -> hasOneOf(sockets, pid)).findFirst();
    }

    /** @param local such as {@code 0100007F:24F8}: words in the machine's order of bytes, which is the little end first */
    private static boolean isInTheWay(String local, InetSocketAddress wanted) {
        int colon = local.indexOf(':');
        if (Integer.parseInt(local.substring(colon + 1), 16) != wanted.getPort()) {
            return false;
        }
        byte[] bytes = new byte[colon / 2];
        for (int i = 0; i < bytes.length; i++) {
            int word = i * 2 / HEX_DIGITS_OF_A_WORD * HEX_DIGITS_OF_A_WORD;
            int at = word + HEX_DIGITS_OF_A_WORD - 2 - i * 2 % HEX_DIGITS_OF_A_WORD;
            bytes[i] = (byte) Integer.parseInt(local.substring(at, at + 2), 16);
        }
        try {
            InetAddress address = InetAddress.getByAddress(bytes);
            return address.isAnyLocalAddress() || address.equals(wanted.getAddress());
        } catch (UnknownHostException impossible) {
            return false;
        }
    }

    private static boolean hasOneOf(Set<String> sockets, long pid) {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(PROC.resolve(pid + "/fd"))) {
            for (Path descriptor : descriptors) {
                if (sockets.contains(target(descriptor))) {
                    return true;
                }
            }
        } catch (IOException | DirectoryIteratorException anothers) {
            return false;
        }
        return false;
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException | RuntimeException closed) {
            return "";
        }
    }
}
