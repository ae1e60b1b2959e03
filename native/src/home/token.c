#include "token.h"

#include "blank.h"
#include "broker_file.h"
#include "settings.h"
#include "target.h"

#include <stdlib.h>
#include <string.h>

#define DIGITS 64

static char *token_of_home(const char *home)
{
    struct text text;
    struct slice broker;
    struct slice value;
    char *token = broker_file_read(home, &text, &broker) && json_strict_member(broker, "token", &value) ? json_text(value) : NULL;
    text_free(&text);
    return token;
}

/* False for a setting that can't be read. */
static bool find(char **token, const char *home, char **error)
{
    const char *named = getenv("MEMPALACE_BROKER_TOKEN");
    *token = named == NULL || blank_is(named) ? NULL : slice_copy(slice_of(named));
    if (*token == NULL && !settings_find(SETTING_TOKEN, token, error)) {
        return false;
    }
    if (*token == NULL) {
        *token = token_of_home(home);
    }
    return true;
}

static bool is_token(struct slice text)
{
    static const char digits[] = "0123456789abcdefABCDEF";
    return text.length == DIGITS && strspn(text.at, digits) >= DIGITS;
}

enum token_search token_find(char **token, const struct endpoint *endpoint, const char *home, char **error)
{
    char *found;
    if (!find(&found, home, error)) {
        return TOKEN_SENSELESS;
    }
    struct text sentence = {0};
    char *where = endpoint_text(endpoint);
    struct slice digits = found == NULL ? (struct slice){0} : blank_strip(slice_of(found));
    enum token_search result = found == NULL ? TOKEN_MISSING : is_token(digits) ? TOKEN_FOUND : TOKEN_SENSELESS;
    if (result == TOKEN_FOUND) {
        *token = slice_copy(digits);
    } else if (result == TOKEN_MISSING) {
        char *file = path_in(home, "broker.json");
        text_format(&sentence,
                    "mpx can't connect to %s without the daemon's token. It stands as \"token\" in broker.json in the home of that"
                    " daemon, as long as that runs; %s has none. Set it as MEMPALACE_BROKER_TOKEN, or as token = \"…\" in"
                    " ~/.config/mpx/mpx.toml.",
                    where, file);
        free(file);
    } else {
        text_format(&sentence,
                    "The token for %s (MEMPALACE_BROKER_TOKEN, or token in mpx.toml) must be the 64 hexadecimal digits that stand as"
                    " \"token\" in the daemon's broker.json.",
                    where);
    }
    if (result != TOKEN_FOUND) {
        *error = text_take(&sentence);
    }
    free(where);
    free(found);
    return result;
}
