package dev.mpx.proxy.agents;

import java.nio.file.Path;
import java.util.List;

/**
 * A file in which an agent looks for servers or hooks.
 *
 * @param tables the paths of the tables of servers in it, {@code *} for any name; none if it holds hooks alone
 * @param hasHooks whether hooks may stand in it, under {@code hooks}
 * @param scope whose it is
 */
record ConfigPlace(Path file, Language language, List<List<String>> tables, boolean hasHooks, Scope scope) {
    enum Language { JSON, TOML }

    enum Scope {
        /** Of this user: a new entry may be put here. */
        USER,
        /** Of this user, for special cases: entries that are here are changed, none is added. */
        USER_EXTRA,
        /** Of the project in the current directory, which others may share: likewise. */
        PROJECT
    }

    static final String ANY = "*";

    static ConfigPlace json(Path file, Scope scope, List<String> table) {
        return new ConfigPlace(file, Language.JSON, List.of(table), false, scope);
    }

    static ConfigPlace hooks(Path file, Scope scope) {
        return new ConfigPlace(file, Language.JSON, List.of(), true, scope);
    }

    ConfigPlace withHooks() {
        return new ConfigPlace(file, language, tables, true, scope);
    }

    /** Where a new entry would stand. */
    List<String> table() {
        return tables.get(0);
    }
}
