/**
 * Whether a command line says what its command takes, in this project's words. Yargs reads the values and writes the help;
 * asked what is wrong it names other things than were typed.
 */
import { UsageError } from './values.ts';

interface Flag {
  readonly type: 'string' | 'boolean';
  /** Its one letter. */
  readonly alias?: string;
  /** Absent: a text may follow. */
  readonly requiresArg?: boolean;
  readonly demandOption?: boolean;
}

/** What a command takes besides its name. */
export interface Accepted {
  readonly flags: Readonly<Record<string, Flag>>;
  /** What stands without a flag, at least one; absent: nothing may. */
  readonly operands?: { readonly what: string; readonly many: boolean };
}

/** What begins with a dash and is no negative number. */
const DASHED = /^-(?![0-9.]+$)/;

/** Of a command line that asks for the help or the version only that, which is given whatever else it says. */
export function explanationIn(args: readonly string[]): readonly string[] | undefined {
  if (args[0] === 'help') return [...args.slice(1, 2), '--help'];
  const asked = ['--help', '--version'].find((flag) => beforeDashes(args).includes(flag));
  return asked === undefined ? undefined : [...args.slice(0, 1).filter((arg) => arg !== asked), asked];
}

/** Throws if `args`, the command's name first, are not what it takes; what is wrong is named as it was typed. */
export function checkArguments({ flags, operands }: Accepted, args: readonly string[] = process.argv.slice(2)): void {
  if (explanationIn(args) !== undefined) return;
  const [command = '', ...rest] = beforeDashes(args);
  const standing = args.slice(rest.length + 2);
  const names = new Map(Object.entries(flags).flatMap(([name, flag]) => namesOf(name, flag).map((one) => [one, flag])));
  const given = new Set<Flag>();
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (!DASHED.test(arg)) {
      standing.push(arg);
      continue;
    }
    const [name = '', ...values] = arg.split(/=(.*)/s, 2);
    const flag = names.get(name);
    if (flag === undefined) throw new UsageError(`unknown argument: ${name}`);
    if (flag.type === 'string' && given.has(flag)) throw new UsageError(`${name}: given more than once`);
    given.add(flag);
    if (values.length === 0 && flag.type === 'string' && !DASHED.test(rest[0] ?? '-')) values.push(rest.shift() ?? '');
    checkValue(name, flag, values[0], rest[0]);
  }
  checkOperands(command, standing, operands);
  const missing = Object.entries(flags).find(([, flag]) => flag.demandOption === true && !given.has(flag));
  if (missing !== undefined) throw new UsageError(`${command}: ${namesOf(...missing).join(' or ')} is required`);
}

/** What stands behind `--` is no flag, whatever it looks like. */
export function beforeDashes(args: readonly string[]): readonly string[] {
  return args.includes('--') ? args.slice(0, args.indexOf('--')) : args;
}

/** `next` is what follows if no value does. */
function checkValue(name: string, flag: Flag, value: string | undefined, next = 'nothing'): void {
  if (flag.type === 'boolean') {
    if (value !== undefined) throw new UsageError(`${name}: expected no value; found ${JSON.stringify(value)}`);
  } else if (value === '') {
    throw new UsageError(`${name}: expected a value; found nothing`);
  } else if (value === undefined && flag.requiresArg === true) {
    throw new UsageError(`${name}: expected a value; found ${next}`);
  }
}

function checkOperands(command: string, standing: readonly string[], operands: Accepted['operands']): void {
  if (operands !== undefined && standing.length === 0) {
    throw new UsageError(`${command}: expected ${operands.what}; found nothing`);
  }
  const extra = operands?.many === true ? undefined : standing[operands === undefined ? 0 : 1];
  if (extra !== undefined) throw new UsageError(`unknown argument: ${extra}`);
}

function namesOf(name: string, { alias }: Flag): readonly string[] {
  return [`--${name}`, ...(alias === undefined ? [] : [`-${alias}`])];
}
