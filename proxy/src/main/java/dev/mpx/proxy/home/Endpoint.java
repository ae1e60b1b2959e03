package dev.mpx.proxy.home;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/** Where a daemon listens, as it stands in a setting, a variable, or a broker file. {@code toString()} gives that form. */
public sealed interface Endpoint permits Endpoint.Unix, Endpoint.Tcp, Endpoint.Ssh {

    /** A UNIX socket in the file system; written {@code unix:/path}. */
    record Unix(Path path) implements Endpoint {
        @Override
        public String toString() {
            return "unix:" + path;
        }
    }

    /**
     * A TCP port, where whoever comes shows a token first; written {@code tcp://host:port}.
     *
     * @param host a name or an address, IPv6 without brackets
     */
    record Tcp(String host, int port) implements Endpoint {
        @Override
        public String toString() {
            return "tcp://" + bracketed(host) + ":" + port;
        }
    }

    /**
     * The daemon of another machine, reached by SSH; written {@code ssh://[user@]host[:port][?home=/path]}.
     *
     * @param user empty: as ssh_config(5) says, else the name here
     * @param host a name, an address, or a {@code Host} of ssh_config(5)
     * @param port empty: as ssh_config(5) says, else 22
     * @param home of the daemon over there; empty: that of the default palace
     */
    record Ssh(Optional<String> user, String host, OptionalInt port, Optional<String> home) implements Endpoint {
        @Override
        public String toString() {
            return "ssh://" + (user.isPresent() ? user.get() + "@" : "") + bracketed(host)
                    + (port.isPresent() ? ":" + port.getAsInt() : "")
                    + (home.isPresent() ? "?home=" + URLEncoder.encode(home.get(), StandardCharsets.UTF_8).replace("+", "%20").replace("%2F", "/") : "");
        }
    }

    private static String bracketed(String host) {
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }

    /**
     * Reads what stands in a setting, a variable or a broker file.
     *
     * @throws HomeException for a form that this version does not know, naming those it does
     */
    static Endpoint parse(String text) {
        Endpoint endpoint = null;
        try {
            if (text.startsWith("unix:")) {
                endpoint = unix(text.substring("unix:".length()));
            } else if (text.startsWith("tcp://")) {
                endpoint = tcp(text.substring("tcp://".length()));
            } else if (text.startsWith("ssh://")) {
                endpoint = ssh(text.substring("ssh://".length()));
            }
        } catch (IllegalArgumentException unreadable) {
            // said below; InvalidPathException is one, too
        }
        if (endpoint == null) {
            throw new HomeException("mpx can't connect to \"" + text + "\": an endpoint is unix:/absolute/path, tcp://HOST:PORT,"
                    + " or ssh://[USER@]HOST[:PORT][?home=/path].");
        }
        return endpoint;
    }

    private static Endpoint unix(String rest) throws InvalidPathException {
        String path = rest.startsWith("//") ? rest.substring(2) : rest;
        return path.startsWith("/") ? new Unix(Path.of(path)) : null;
    }

    private static Endpoint tcp(String rest) {
        String[] parts = hostAndPort(rest);
        return parts[1].isEmpty() ? null : new Tcp(parts[0], port(parts[1]));
    }

    private static Endpoint ssh(String rest) {
        int query = rest.indexOf('?');
        String place = query < 0 ? rest : rest.substring(0, query);
        Optional<String> home = Optional.empty();
        if (query >= 0) {
            String option = rest.substring(query + 1);
            if (!option.startsWith("home=") || option.length() == "home=".length() || option.indexOf('&') >= 0) {
                return null;
            }
            home = Optional.of(URLDecoder.decode(option.substring("home=".length()).replace("+", "%2B"), StandardCharsets.UTF_8));
            if (!home.get().startsWith("/")) { // in which directory it is looked for there, nobody here knows
                return null;
            }
        }
        int at = place.lastIndexOf('@');
        if (at == 0) {
            return null;
        }
        String[] parts = hostAndPort(place.substring(at + 1));
        // ssh(1) would take a leading dash for an option
        return parts[0].startsWith("-") || place.startsWith("-")
                ? null
                : new Ssh(
                        at > 0 ? Optional.of(place.substring(0, at)) : Optional.empty(),
                        parts[0],
                        parts[1].isEmpty() ? OptionalInt.empty() : OptionalInt.of(port(parts[1])),
                        home);
    }

    /** Of {@code host[:port]} or {@code [v6][:port]}; a path or a slash at the end is not part of the form. */
    private static String[] hostAndPort(String text) {
        int bracket = text.startsWith("[") ? text.indexOf(']') : -1;
        int colon = text.indexOf(':', Math.max(bracket, 0));
        String host = colon < 0 ? text : text.substring(0, colon);
        if (bracket > 0) {
            host = host.equals(text.substring(0, bracket + 1)) ? text.substring(1, bracket) : "";
        }
        boolean isPlain = !host.isEmpty() && host.chars().noneMatch(c -> c <= ' ' || "/?#@[]".indexOf(c) >= 0);
        if (!isPlain || colon == text.length() - 1) {
            throw new IllegalArgumentException(text);
        }
        return new String[] {host, colon < 0 ? "" : text.substring(colon + 1)};
    }

    private static int port(String text) {
        int port = Integer.parseInt(text);
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException(text);
        }
        return port;
    }
}
