/* The way from here to the part of mpx that runs on Java. */
#ifndef MPX_LAUNCH_H
#define MPX_LAUNCH_H

#include "target.h"

/* Which Java program: each has its own flags and class path. */
enum java_part { JAVA_SHIM, JAVA_SERVE, JAVA_CLI };

/*
 * Becomes Java with these words (ended by NULL) behind the main class. Returns only when that can't be, after a line to
 * stderr that says why and what helps; the status to exit with then.
 */
int launch_java(enum java_part part, bool alias, char *const *words);

/*
 * Becomes the target's daemon (`mpx serve`), in the home's directory and without what marks this process as part of some
 * guard's tree. Session, descriptors and signals are the caller's business. Returns only as launch_java does.
 */
int launch_daemon(const struct target *target);

/* Which mpx this is: the line in lib/version, "dev" if there is none. */
const char *mpx_version(void);

/* What MPX_JAVA_OPTS gives this option ("-Dname="), to be freed; NULL if nothing. For tests of both shims alike. */
char *java_option(const char *name);

/* The real path of this program; "" where the system does not tell. */
const char *mpx_program(void);

/* A file in the directory `lib` of this installation, to be freed. It need not be there. */
char *mpx_lib(const char *name);

#endif
