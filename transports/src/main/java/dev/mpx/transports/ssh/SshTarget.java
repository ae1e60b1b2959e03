package dev.mpx.transports.ssh;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * A host as a person names it.
 *
 * @param user empty: as ssh_config(5) says, else this user's name
 * @param host a name, an address, or a {@code Host} of ssh_config(5)
 * @param port empty: as ssh_config(5) says, else 22
 */
public record SshTarget(Optional<String> user, String host, OptionalInt port) {
    /** Reads {@code [user@]host[:port]} or {@code ssh://…}, as they stand in ProxyJump. @throws IllegalArgumentException if it is neither */
    static SshTarget parse(String text) {
        String rest = text.startsWith("ssh://") ? text.substring("ssh://".length()) : text;
        int at = rest.lastIndexOf('@');
        String place = rest.substring(at + 1);
        int colon = place.startsWith("[") ? place.indexOf(':', Math.max(0, place.indexOf(']'))) : place.indexOf(':');
        String host = colon < 0 ? place : place.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        if (host.isEmpty() || host.startsWith("-") || at == 0) {
            throw new IllegalArgumentException(text);
        }
        return new SshTarget(
                at < 0 ? Optional.empty() : Optional.of(rest.substring(0, at)),
                host,
                colon < 0 ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(place.substring(colon + 1))));
    }

    @Override
    public String toString() {
        return user.map(name -> name + "@").orElse("") + host + (port.isPresent() ? ":" + port.getAsInt() : "");
    }
}
