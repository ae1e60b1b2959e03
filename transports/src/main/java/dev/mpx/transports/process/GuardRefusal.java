package dev.mpx.transports.process;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Why a guard has not started the server, in sentences for whoever waits for it: what has happened, what it means for
 * the data, what to do. From the exit statuses and lines in native/README.md.
 *
 * @param ownLock the lock of the home that the guard was started for; who holds it belongs to that home
 * @param bearings see {@link ProcessSpec}
 */
record GuardRefusal(Optional<String> ownLock, UnaryOperator<String> bearings) {
    private static final int HELD = 120;
    private static final int WEDGED = 121;
    private static final int LENT = 122;
    private static final int CANNOT_WORK = 125;
    private static final int CANNOT_RUN = 126;
    private static final int NOT_FOUND = 127;

    private static final Pattern HELD_BY = Pattern.compile("held (.+?) by (.+)");
    private static final Pattern LENT_TO = Pattern.compile("lent .+? to (.+)");
    private static final Pattern HOLDER = Pattern.compile("pid (\\d+) since (\\S+): (.*)");
    private static final Pattern CANNOT = Pattern.compile("cannot (lock|run) (.+): (.+?)");
    /** The home of whoever holds a lock, as a guard's or a daemon's command line names it. */
    private static final List<Pattern> HOMES = List.of(
            Pattern.compile(" guard .*?--lock (.+?)/child\\.lock "), Pattern.compile(" serve --home (.+?) (?:--|$)"));

    private static final int LONGEST_COMMAND = 240;
    private static final String SAFE = " Your data is safe: mpx starts no second server beside it.";

    /** Empty if that is nothing a guard says with this status. */
    Optional<String> inWords(int status, String said) {
        return switch (status) {
            case HELD -> held(said);
            case WEDGED -> Wedged.latest(List.of("mpx-guard: " + said)).map(who -> "What an earlier server has left can't be ended, even by"
                    + " SIGKILL: " + who + ", as when a file system hangs." + SAFE
                    + " Bring that file system back, or restart the machine.");
            case CANNOT_WORK, CANNOT_RUN, NOT_FOUND -> cannot(said);
            default -> Optional.empty();
        };
    }

    /** Who has borrowed the data, if that is why; else empty. */
    Optional<String> borrower(int status, String said) {
        Matcher lent = LENT_TO.matcher(said);
        if (status != LENT || !lent.matches()) {
            return Optional.empty();
        }
        Matcher seen = HOLDER.matcher(lent.group(1));
        return Optional.of(seen.matches() ? jobIn(seen.group(3)) + " (pid " + seen.group(1) + "), since " + seen.group(2) : lent.group(1));
    }

    /** The command that the guard of a job was given. */
    private static String jobIn(String guard) {
        int command = guard.indexOf(" -- ");
        return cut(command < 0 ? guard : guard.substring(command + " -- ".length()));
    }

    private Optional<String> held(String said) {
        Matcher held = HELD_BY.matcher(said);
        if (!held.matches()) {
            return Optional.empty();
        }
        String file = held.group(1);
        Matcher seen = HOLDER.matcher(held.group(2));
        if (!seen.matches()) {
            return Optional.of((isOwn(file, "") ? "An earlier server of this home has not ended yet: " : "Something else uses the same data: ")
                    + held.group(2) + " holds " + file + "." + SAFE + " End it where it runs.");
        }
        String pid = seen.group(1);
        String command = seen.group(3);
        String holder = "pid " + pid + " (" + cut(command) + "), running since " + seen.group(2) + ", holds " + file + "." + SAFE;
        if (isOwn(file, command)) {
            return Optional.of("An earlier server of this home has not ended yet: " + holder + " What a daemon that was killed has left"
                    + " ends by itself within 15 s; if it stays longer, end it: kill " + pid + ".");
        }
        Optional<String> home = homeIn(command);
        return Optional.of(home.map(other -> "A daemon with another home, " + other + ", serves the same data: pid " + pid
                        + ", running since " + seen.group(2) + ", holds " + file + "." + SAFE
                        + " Use one home for one palace, or end the other daemon. " + bearings.apply(other))
                .orElse("Something else uses the same data: " + holder + " Wait for it, or end it: kill " + pid + "."));
    }

    private boolean isOwn(String file, String holder) {
        return ownLock.filter(own -> own.equals(file) || (holder + " ").contains(" --lock " + own + " ")).isPresent();
    }

    private static Optional<String> homeIn(String command) {
        return HOMES.stream()
                .map(home -> home.matcher(command + " "))
                .filter(Matcher::find)
                .map(found -> found.group(1).strip())
                .findFirst();
    }

    private static String cut(String command) {
        return command.length() > LONGEST_COMMAND ? command.substring(0, LONGEST_COMMAND) + "…" : command;
    }

    private static Optional<String> cannot(String said) {
        Matcher cannot = CANNOT.matcher(said);
        if (!cannot.matches()) {
            return said.startsWith("cannot ")
                    ? Optional.of("The guard, which every server has, " + said + ". No server is started without it, so your data is safe.")
                    : Optional.empty();
        }
        String what = cannot.group(2);
        String why = cannot.group(3);
        return Optional.of(cannot.group(1).equals("run")
                ? what + " can't be run: " + why + ". Correct the server's command, or install what it names."
                : "mpx can't lock " + what + ": " + why + ". Without that lock two servers could write at once, so none is started,"
                        + " and your data is safe. See that the file can be written: the disk's space, its owner, its mode.");
    }
}
