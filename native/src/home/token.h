/* What is shown to a daemon that is reached by TCP; Java's `TokenSearch`. */
#ifndef MPX_TOKEN_H
#define MPX_TOKEN_H

#include "endpoint.h"

enum token_search { TOKEN_FOUND, TOKEN_MISSING, TOKEN_SENSELESS };

/*
 * MEMPALACE_BROKER_TOKEN, else the machine's settings, else what the home says now. *token is to be freed; else *error, a
 * sentence. One that is missing may be there soon.
 */
enum token_search token_find(char **token, const struct endpoint *endpoint, const char *home, char **error);

#endif
