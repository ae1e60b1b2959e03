package dev.mpx.proxy.guest;

import java.util.List;
import java.util.Optional;

/**
 * What a guest may have mpx do on this machine, as it asks for it by SSH; see {@link HostCommand}.
 *
 * @param kind one of three
 * @param home the home that it names
 * @param isJson whether a status is meant for programs
 */
public record GuestRequest(Kind kind, Optional<String> home, boolean isJson) {
    /** The commands, as words. */
    public enum Kind { ENSURE, CONNECT, STATUS }

    /**
     * Reads a command line, running none of it: {@code mpx ensure --guest}, {@code mpx connect --guest} or {@code mpx status}, with
     * {@code --home DIR}, and a status with {@code --json}. What {@code sh -c} would do before that with its script is not done,
     * since this is mpx already.
     *
     * @throws RefusedException for everything else
     */
    public static GuestRequest read(String line) throws RefusedException {
        List<String> words = ShellLine.words(line);
        if (words.size() > 3 && words.get(0).equals("sh") && words.get(1).equals("-c")) {
            words = words.subList(3, words.size());
        }
        if (words.size() < 2 || !words.get(0).equals("mpx")) {
            throw new RefusedException("it is no command of mpx's");
        }
        Kind kind = switch (words.get(1)) {
            case "ensure" -> Kind.ENSURE;
            case "connect" -> Kind.CONNECT;
            case "status" -> Kind.STATUS;
            default -> throw new RefusedException("\"mpx " + printable(words.get(1)) + "\" is not for guests");
        };
        return options(kind, words.subList(2, words.size()));
    }

    private static GuestRequest options(Kind kind, List<String> words) throws RefusedException {
        boolean isGuest = false;
        boolean isJson = false;
        Optional<String> home = Optional.empty();
        for (int at = 0; at < words.size(); at++) {
            switch (words.get(at)) {
                case "--guest" -> isGuest = true;
                case "--json" -> isJson = true;
                case "--home" -> {
                    at++;
                    if (at == words.size() || words.get(at).isBlank() || home.isPresent()) {
                        throw new RefusedException("--home is to be followed by one directory");
                    }
                    home = Optional.of(words.get(at));
                }
                default -> throw new RefusedException("a guest may not say \"" + printable(words.get(at)) + "\"");
            }
        }
        if (isGuest == (kind == Kind.STATUS) || isJson && kind != Kind.STATUS) {
            throw new RefusedException(kind == Kind.STATUS ? "a status is asked for without --guest" : "it lacks --guest, or has --json");
        }
        return new GuestRequest(kind, home, isJson);
    }

    /** For a person's terminal or log. */
    private static String printable(String word) {
        String shown = word.length() > 60 ? word.substring(0, 60) + "…" : word;
        return shown.replaceAll("\\p{Cntrl}", "?");
    }
}
