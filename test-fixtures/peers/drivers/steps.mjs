// How a driver is driven: each line on stdin names a step, each line on stdout is what came of it.
// The test asks for one step after the other, and can do things of its own in between.

import { createInterface } from 'node:readline';

/** Runs the named steps as they are asked for, until end of input; then runs `end`. */
export async function serve(steps, end) {
  for await (const line of createInterface({ input: process.stdin })) {
    const { step, ...args } = JSON.parse(line);
    let answer;
    try {
      answer = { step, result: await steps[step](args) };
    } catch (error) {
      answer = { step, error: error.stack ?? String(error) };
    }
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
  await end();
}

/** Asks again until the condition holds; throws when it does not within the limit. Milliseconds. */
export async function until(condition, what, limit = 10_000) {
  const giveUp = Date.now() + limit;
  while (!condition()) {
    if (Date.now() > giveUp) throw new Error(`waited ${limit} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
