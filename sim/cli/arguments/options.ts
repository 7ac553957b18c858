/** The flags that commands share, in one wording. */
import { EVENTS_MAX } from '../../scenario/run/bounds.ts';
import { PROFILES } from '../../world.ts';
import { parseChoice, parseCount, parseDuration, parseSeed, UsageError } from './values.ts';

/** A flag with a text that is read whole by `parse`; given twice it is refused. */
export function valueFlag<T>(flag: string, describe: string, parse: (flag: string, text: string) => T) {
  return {
    type: 'string',
    requiresArg: true,
    describe,
    coerce: (given: unknown): T => {
      if (typeof given !== 'string') throw new UsageError(`--${flag}: given more than once`);
      return parse(`--${flag}`, given);
    },
  } as const;
}

export const seedFlag = (flag: string, describe: string) => valueFlag(flag, describe, parseSeed);

export const profileFlag = valueFlag(
  'profile',
  'calm, swarm (default) or storm: how much goes wrong; calm is without faults',
  (flag, text) => parseChoice(flag, text, PROFILES),
);

export const semanticsFlag = textFlag('semantics', 'one of the semantics of the world; its first by default');

export const worldFlag = textFlag(
  'world',
  'simulate this world: FILE#NAME, or FILE where it exports one (sim.world of package.json, or else MeshOS)',
);

/** A flag with a text that is taken as it is. */
export function textFlag(flag: string, describe: string) {
  return valueFlag(flag, describe, (_flag, text) => text);
}

/** A flag that is there or not; `--flag=x` is refused. */
export function switchFlag(describe: string) {
  return { type: 'boolean', default: false, nargs: 0, describe } as const;
}

/** A record takes some hundred bytes where it is kept, so that no machine holds more than this. */
const MAX_EVENTS_MAX = 1_000_000_000;

export const maxEventsFlag = valueFlag(
  'max-events',
  `stop a run inconclusively after so many events (${EVENTS_MAX}); more may take more memory, too`,
  (flag, text) => parseCount(flag, text, MAX_EVENTS_MAX),
);

export const runLimitFlag = valueFlag(
  'run-limit',
  'stop a run after so long (60s); time in which the host is stopped or sleeps does not count',
  parseDuration,
);

export const junitFlag = valueFlag('junit', 'write a JUnit report to this file', (flag, text) => {
  // Where its value was forgotten, it is one of the scenarios that follow.
  if (/\.(?:ya?ml|json)$/i.test(text))
    throw new UsageError(`${flag}: expected a file for XML; found ${text}, a scenario by its name`);
  return text;
});

export const jsonFlag = switchFlag('one JSON document on standard output, text for people on standard error');
