/* Which Java, and what it is to be started with. lib/mpx.sh says the same where there is no native program. */
#ifndef MPX_JAVA_H
#define MPX_JAVA_H

#include "launch.h"
#include "text.h"

/* The program, to be freed: JAVA_HOME's unless that is older than 17, what install.sh found, PATH's; NULL if there is none. */
char *java_find(void);

/* A part's name, by which its files in lib/java are called. */
const char *java_part_name(enum java_part part);

const char *java_main_class(enum java_part part);

/* In an order that does not depend on the file system: an archive of classes is good for one order only. To be freed. */
char *java_class_path(enum java_part part);

/* The archive of this part's classes, to be freed; NULL when there is none that was made by this Java. */
char *java_archive(enum java_part part, const char *java);

/* Java takes the encoding of file names from the locale, and agents strip the environment. */
void java_see_to_locale(void);

#endif
