/*
 * What a guest may have mpx do on this machine, as it asks for it by SSH with a key that is limited to `mpx guest`. Nothing of the
 * line is run. Java's `GuestRequest`.
 */
#ifndef MPX_GUEST_REQUEST_H
#define MPX_GUEST_REQUEST_H

#include <stdbool.h>

enum guest_kind { GUEST_ENSURE, GUEST_CONNECT, GUEST_STATUS };

struct guest_request {
    enum guest_kind kind;
    char *home; /* that it names, or NULL */
    bool is_json;
};

/*
 * `mpx ensure --guest`, `mpx connect --guest` or `mpx status`, with `--home DIR`, and a status with `--json`; or all that behind
 * `sh -c SCRIPT`, which is left out, since this is mpx already. False for everything else, with why in *why (to be freed), which
 * goes behind "that is refused: ".
 */
bool guest_request_read(struct guest_request *out, const char *line, char **why);
void guest_request_free(struct guest_request *request);

/* "ensure", "connect" or "status". */
const char *guest_kind_name(enum guest_kind kind);

#endif
