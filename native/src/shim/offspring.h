/* What a process that was just forked must let go of before it becomes something else. */
#ifndef MPX_OFFSPRING_H
#define MPX_OFFSPRING_H

/* The agent's pipes, and whatever else it forgot to close: who holds on to them keeps the agent waiting for their end. */
void offspring_close_from(int first);

/* An agent, or nohup, may ignore signals or hold them back; both would come down to whatever is started. */
void offspring_forget_signals(void);

#endif
