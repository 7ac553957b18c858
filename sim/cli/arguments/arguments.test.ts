import { describe, expect, it } from 'vitest';
import { type Accepted, checkArguments, explanationIn } from './arguments.ts';
import { UsageError } from './values.ts';

const flags: Accepted['flags'] = {
  seed: { type: 'string', requiresArg: true },
  stable: { type: 'string' },
  json: { type: 'boolean' },
  output: { type: 'string', requiresArg: true, alias: 'o' },
};
const files = { what: 'files', many: true } as const;
const words = (line: string): readonly string[] => line.split(' ');

describe('a command line', () => {
  it.each([
    ['run', {}],
    ['run --seed 1 --json --json', {}],
    ['run --seed=-1 -o x --stable', {}],
    ['run --seed -1 -o=x --stable 2%', {}],
    ['run a --json b -- --seed', { operands: files }],
    ['run a', { operands: { what: 'a file', many: false } }],
    ['run --bogus --help', {}],
  ])('`%s` is taken', (line, accepted) => {
    expect(() => checkArguments({ flags, ...accepted }, words(line))).not.toThrow();
  });

  it.each([
    ['run --bogus a', { operands: files }, 'unknown argument: --bogus'],
    ['run --bogus=1', {}, 'unknown argument: --bogus'],
    ['run --no-json', {}, 'unknown argument: --no-json'],
    ['run --__proto__ 1', {}, 'unknown argument: --__proto__'],
    ['run -ox', {}, 'unknown argument: -ox'],
    ['run -', { operands: files }, 'unknown argument: -'],
    ['run a', {}, 'unknown argument: a'],
    ['run -- --json', {}, 'unknown argument: --json'],
    ['run a b', { operands: { what: 'a file', many: false } }, 'unknown argument: b'],
    ['run --json=true', {}, '--json: expected no value; found "true"'],
    ['run --seed', {}, '--seed: expected a value; found nothing'],
    ['run --seed=', {}, '--seed: expected a value; found nothing'],
    ['run --seed ', {}, '--seed: expected a value; found nothing'],
    ['run --stable=', {}, '--stable: expected a value; found nothing'],
    ['run --seed -- 1', {}, '--seed: expected a value; found nothing'],
    ['run --seed --json', {}, '--seed: expected a value; found --json'],
    ['run --seed 1 --seed=1', {}, '--seed: given more than once'],
    ['run -o x --output y', {}, '--output: given more than once'],
    ['run --json', { operands: files }, 'run: expected files; found nothing'],
    [
      'run',
      { flags: { output: { type: 'string', alias: 'o', demandOption: true } } },
      'run: --output or -o is required',
    ],
  ] as const)('`%s` is refused, and says what is wrong as it was typed', (line, accepted, message) => {
    const check = () => checkArguments({ flags, ...accepted }, words(line));
    expect(check).toThrow(UsageError);
    expect(check).toThrow(new UsageError(message));
  });
});

describe('the help', () => {
  it.each([
    ['run --help --seed x', 'run --help'],
    ['--help', '--help'],
    ['help run', 'run --help'],
    ['run --version --bogus', 'run --version'],
  ])('is all that `%s` asks for', (line, asked) => {
    expect(explanationIn(words(line))).toEqual(words(asked));
  });

  it.each(['run --seed 1', 'replay -- --help'])('is not asked for by `%s`', (line) => {
    expect(explanationIn(words(line))).toBeUndefined();
  });
});
