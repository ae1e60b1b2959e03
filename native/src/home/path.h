/* Paths as texts, by the rules of Java's `Path`; all but path_real leave the file system alone. Results are to be freed. */
#ifndef MPX_PATH_H
#define MPX_PATH_H

/* Without doubled slashes and without one at the end. */
char *path_clean(const char *path);

/* `path` as seen from `directory`: `path` itself if it is absolute, the directory if it is empty. Cleaned. */
char *path_join(const char *directory, const char *path);

/* An absolute path without "." and "..", which are taken at their word: links are not looked at. */
char *path_normal(const char *path);

/* NULL for the root. */
char *path_parent(const char *path);

/* The last element, within `path`, which is cleaned; "" for the root. */
const char *path_name(const char *path);

/*
 * The one name of a file that need not exist yet: the real path of the nearest ancestor that exists, and the rest as it is.
 * A symbolic link whose target does not exist yet is followed too: once the target is made, both names must still lead
 * to the same answer.
 */
char *path_real(const char *absolute);

#endif
