/* Somebody is there: greets it, and has it leave if it is older than this mpx. For the rooms of the finder alone. */
#ifndef MPX_GREETER_H
#define MPX_GREETER_H

#include "finder_state.h"
#include "text.h"

#include <stdint.h>

/* On a connection that was just made. */
enum finder_outcome greeter_begin(struct finder *finder, int64_t now);

/* Says and hears what can be now. */
enum finder_outcome greeter_step(struct finder *finder, int64_t now);

/* What the answer to the greeting comes to, whoever has asked. */
enum finder_outcome greeter_judge(struct finder *finder, struct slice answer, int64_t now);

#endif
