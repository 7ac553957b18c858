/**
 * A world by the address of its module: loaded, and looked at before anybody calls it. What is wrong with the module is its
 * author's mistake and told in one line, with the place in the author's file.
 */
import { fileURLToPath } from 'node:url';
import { WorldError } from '../../invariant/world-error.ts';
import { keepingOutputOf } from '../../kernel/host/output.ts';
import { describeError, isOf } from '../../scenario/blame/thrown.ts';
import { MemberError } from '../../scenario/run/member.ts';
import { checkWorld } from '../../scenario/run/rules.ts';
import { declaredTests } from '../../simulate/declared.ts';
import type { World } from '../../world.ts';
import { AuthorError, IdleError } from './author-error.ts';

/** A world by the URL of its module and the name it is exported by, which a module with one world need not say. */
export interface WorldAddress {
  readonly module: string;
  readonly name?: string | undefined;
}

/** What the kernel calls or reads of every world, and of which type each is. */
const MEMBERS = {
  name: 'string',
  semantics: 'array',
  ambient: 'string',
  events: 'object',
  marks: 'array',
  faultKinds: 'array',
  invariants: 'array',
  schemas: 'function',
  generate: 'function',
  build: 'function',
} as const satisfies Partial<Record<keyof World, string>>;
/** What a world need not have. */
const OPTIONAL = {
  wiring: 'array',
  settleBoundMs: 'function',
  stepBudget: 'function',
  lane: 'function',
} as const satisfies Partial<Record<keyof World, string>>;
/** By these, something is taken for a world. */
const TELLING = ['name', 'generate', 'build'] as const;

/** TypeScript files, and test files. */
const HOOKED = /\.(?:[cm]?tsx?|(?:test|spec)\.[cm]?jsx?)$/;

type Exports = Readonly<Record<string, unknown>>;

/** Rejects with an `AuthorError` if there is no world at the address. */
export async function worldAt({ module, name }: WorldAddress): Promise<World> {
  const exported = await exportsOf(module);
  const [found, value] =
    name === undefined ? await soleWorld(module, exported) : [name, await worldNamed(exported, name)];
  if (value === undefined) throw new AuthorError(`${shown(module)}: exports no ${found}; ${exportsText(exported)}`);
  const refused = async (why: string): Promise<AuthorError> => {
    const { placeOfExport } = await import('./load-mistake.ts');
    return new AuthorError(`${placeOfExport(shown(module), found)}: ${found} ${why}`);
  };
  if (!isWorld(value)) throw await refused(`is no World: ${whatIsMissing(value)}`);
  const broken = brokenRule(value);
  if (broken !== undefined) throw await refused(`breaks a rule: ${broken}`);
  return value;
}

async function exportsOf(module: string): Promise<Exports> {
  if (HOOKED.test(module)) (await import('./hooked.ts')).hookLoader();
  try {
    return await keepingOutputOf(() => toItsEnd((): Promise<Exports> => import(module)));
  } catch (error) {
    throw (await import('./load-mistake.ts')).loadMistake(module, error);
  }
}

/** Loading may neither end the process nor let it end for want of anything to do. */
async function toItsEnd<T>(load: () => Promise<T>): Promise<T> {
  const { exit } = process;
  process.exit = (code) => {
    throw new Error(`process.exit(${code ?? ''}) was called while the world was loaded`);
  };
  let onIdle = (): void => {};
  const idle = new Promise<never>((_, reject) => {
    onIdle = () => reject(new IdleError('an await at the top level of a module never ends'));
  });
  process.once('beforeExit', onIdle);
  try {
    return await Promise.race([load(), idle]);
  } finally {
    process.off('beforeExit', onIdle);
    process.exit = exit;
  }
}

/** What is exported by that name, or else the world of the simulated test of that name. */
async function worldNamed(exported: Exports, name: string): Promise<unknown> {
  return exported[name] ?? declaredTests().get(name)?.(name);
}

/** The one world of a module, with its name; worlds that are exported twice count once. */
async function soleWorld(module: string, exported: Exports): Promise<readonly [name: string, world: unknown]> {
  const worlds = new Map(
    Object.entries(exported)
      .filter(([, value]) => TELLING.every((member) => isMember(value, member)))
      .map(([name, value]) => [value, name]),
  );
  const tests = declaredTests();
  const names = [...worlds.values(), ...tests.keys()];
  const [name] = names;
  if (name === undefined) throw new AuthorError(`${shown(module)}: exports no world; ${exportsText(exported)}`);
  if (names.length > 1) {
    throw new AuthorError(
      `${shown(module)}: has ${names.length} worlds (${names.join(', ')}); name one, as '#${name}'`,
    );
  }
  for (const [value] of worlds) return [name, value];
  return [name, await worldNamed(exported, name)];
}

function brokenRule(world: World): string | undefined {
  try {
    checkWorld(world);
    return undefined;
  } catch (error) {
    if (isOf(error, MemberError)) return `${error.member} threw ${describeError(error.error)}`;
    if (isOf(error, WorldError)) return error.message;
    throw error;
  }
}

function isWorld(value: unknown): value is World {
  return Object.keys({ ...MEMBERS, ...OPTIONAL }).every((member) => isMember(value, member));
}

function isMember(value: unknown, member: string): boolean {
  const expected: Readonly<Record<string, string>> = { ...MEMBERS, ...OPTIONAL };
  const given = partOf(value, member);
  return kindOf(given) === expected[member] || (given === undefined && member in OPTIONAL);
}

function whatIsMissing(value: unknown): string {
  if (typeof value !== 'object' || value === null) return `expected an object, found ${kindOf(value)}`;
  const wrong = Object.entries({ ...MEMBERS, ...OPTIONAL }).filter(([member]) => !isMember(value, member));
  const missing = wrong.map(([member]) => member).filter((member) => partOf(value, member) === undefined);
  if (missing.length > 0) return `it has no ${missing.join(', no ')}`;
  return wrong
    .map(([member, kind]) => `${member}: expected ${articled(kind)}, found ${kindOf(partOf(value, member))}`)
    .join('; ');
}

function partOf(value: unknown, member: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, member) : undefined;
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function articled(kind: string): string {
  return `${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind}`;
}

function exportsText(exported: Exports): string {
  const names = Object.keys(exported);
  return names.length === 0 ? 'it exports nothing' : `it exports ${names.join(', ')}`;
}

function shown(module: string): string {
  return module.startsWith('file:') ? fileURLToPath(module) : module;
}
