/* Small files, read whole. */
#ifndef MPX_FILE_H
#define MPX_FILE_H

#include "text.h"

/* False, with errno, when it can't be read or holds more than `most` bytes (EFBIG). *out is to be freed in any case. */
bool file_read(const char *path, size_t most, struct text *out);

/* Follow links, as Java's tests of the same names do. */
bool file_is_regular(const char *path);
bool file_is_directory(const char *path);
bool file_is_executable(const char *path);

/* The first line without its end, to be freed; NULL when there is no such file. */
char *file_first_line(const char *path);

#endif
