package dev.mpx.proxy.daemon;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which command lines are {@code mempalace … mine …}: the script by any path, or Python with it or with {@code -m}. One behind a
 * runner such as {@code timeout} is not meant: the mine itself is another process then, or a job of mpx's below it. The native
 * program's {@code jobs/mempalace.c} says the same.
 */
final class MineWords {
    private static final String PROGRAM = "mempalace";
    private static final Set<String> MODULES = Set.of(PROGRAM, PROGRAM + ".cli", PROGRAM + ".__main__");
    private static final Set<String> SHELLS = Set.of("sh", "bash", "dash", "zsh");

    private MineWords() {}

    /** The words behind the program, its own options first, if this is a mine. */
    static Optional<List<String>> arguments(List<String> commandLine) {
        return program(commandLine).filter(MineWords::isMine);
    }

    private static Optional<List<String>> program(List<String> words) {
        if (words.isEmpty()) {
            return Optional.empty();
        }
        String name = name(words.get(0));
        List<String> rest = words.subList(1, words.size());
        if (name.equals(PROGRAM)) {
            return Optional.of(rest);
        }
        if (name.startsWith("python") || name.startsWith("pypy") || SHELLS.contains(name)) {
            return behindInterpreter(rest);
        }
        return Optional.empty();
    }

    private static Optional<List<String>> behindInterpreter(List<String> words) {
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals("-m")) {
                boolean isMeant = i + 1 < words.size() && MODULES.contains(words.get(i + 1));
                return isMeant ? Optional.of(words.subList(i + 2, words.size())) : Optional.empty();
            }
            if (word.equals("-c")) {
                return Optional.empty(); // the next word is a program itself, whatever its name
            }
            if ((word.equals("-W") || word.equals("-X")) && i + 1 < words.size()) {
                i++;
            } else if (!word.startsWith("-")) {
                return name(word).equals(PROGRAM) ? Optional.of(words.subList(i + 1, words.size())) : Optional.empty();
            }
        }
        return Optional.empty();
    }

    /** By its first word that is neither an option of the program's own nor the value of one; options may be shortened. */
    private static boolean isMine(List<String> arguments) {
        for (int i = 0; i < arguments.size(); i++) {
            String word = arguments.get(i);
            if (!word.startsWith("-")) {
                return word.equals("mine");
            }
            if (word.length() > 2 && ("--palace".startsWith(word) || "--backend".startsWith(word))) {
                i++;
            }
        }
        return false;
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
