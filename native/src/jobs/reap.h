/* Ends orphaned mines that are old enough by the settings, and says whom. */
#ifndef MPX_REAP_H
#define MPX_REAP_H

#include "target.h"

/* With `tells_of_none`, also that there was nobody to end, and who is still too young. The status to exit with. */
int reap(const struct target *target, bool tells_of_none);

#endif
