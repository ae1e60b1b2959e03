/* broker.json: what a daemon says of itself to whoever looks for it. It may be out of date; only the socket's answer counts. */
#ifndef MPX_BROKER_FILE_H
#define MPX_BROKER_FILE_H

#include "json_strict.h"
#include "text.h"

/*
 * What stands in the home's file: an object with a pid and endpoints, whose members point into *text, which is to be freed in any case. False
 * if there is none, or nothing that makes sense.
 */
bool broker_file_read(const char *home, struct text *text, struct slice *broker);

#endif
