// biome-ignore-all lint/style/noRestrictedImports: part of the guards, which stand between runs and the host
/** Where code is that called a guarded function, and whether Node called it for itself. */
import { fileURLToPath } from 'node:url';
import { shared } from '../schedule/shared.ts';

/** The folders and files of all copies of the kernel, and of what runs tests on it, whose frames are nobody's call site. */
const kernels = shared('kernel folders', () => new Set<string>());
for (const own of [
  '.',
  '../../simulate/',
  '../tasks/',
  '../schedule/',
  '../kernel.ts',
  '../run-loop.ts',
  '../drain.ts',
  '../kernel.js',
]) {
  kernels.add(fileURLToPath(new URL(own, import.meta.url)));
}
for (const own of ['../run-loop.js', '../drain.js', '../bounded-turn.ts', '../bounded-turn.js'])
  kernels.add(fileURLToPath(new URL(own, import.meta.url)));

// A test runner may tell places of a build in its sources.
for (const own of [...kernels]) kernels.add(own.replace('/dist/', '/').replace(/\.js$/, '.ts'));

/** What Node does on its own at any time: it loads modules, and reads sources to say where an error comes from. */
const NODES_OWN = /^node:internal\/(?:modules|source_map|bootstrap)\b/;
/** Node's call of whoever formats stacks. */
const FORMATTER = /^\s*at .*prepareStackTrace.*\(node:internal\/errors/;
const INTERNAL = 'node:internal/';
const FRAMES_MAX = 50;

export interface CallSite {
  /** `file:line:column` of the first frame that is neither the kernel's nor Node's own. */
  readonly place: string;
  /** Whether one of Node's internal modules called: a function of its public ones that code took earlier is code's. */
  readonly byNode: boolean;
  /** Whether Node called for a purpose of its own, in which the run has no part. */
  readonly forNode: boolean;
}

export function callSite(): CallSite {
  const nodes: string[] = [];
  const lines = stackLines();
  const formats = lines.some((line) => FORMATTER.test(line));
  for (const line of lines) {
    const place = placeIn(line);
    if (place === undefined) continue;
    if (place.startsWith('node:')) {
      nodes.push(place);
      continue;
    }
    return { place, ...nodesPart(nodes, formats) };
  }
  // Nobody's code is on the stack where Node goes on with something by itself.
  const [nearest = 'unknown'] = nodes;
  return { place: nearest, ...nodesPart(nodes, formats) };
}

function nodesPart(nodes: readonly string[], formats: boolean): Pick<CallSite, 'byNode' | 'forNode'> {
  return {
    byNode: nodes.some((node) => node.startsWith(INTERNAL)),
    forNode: formats || nodes.some((node) => NODES_OWN.test(node)),
  };
}

/** The places of a stack that are neither the kernel's nor Node's own, the innermost first. */
export function placesOf(stack: string): readonly string[] {
  const places: string[] = [];
  for (const line of stack.split('\n').slice(1)) {
    const place = placeIn(line);
    if (place !== undefined && !place.startsWith('node:')) places.push(place);
  }
  return places;
}

/** `file:line:column` of a frame that is not the kernel's. */
function placeIn(line: string): string | undefined {
  const place = line.replace(/^.*\(|^\s*at (?:async )?|\)$/g, '').replace(/^file:\/\//, '');
  return /:\d+:\d+$/.test(place) && !isKernels(place) ? place : undefined;
}

function isKernels(place: string): boolean {
  if (place.includes('.test.')) return false;
  for (const folder of kernels) if (place.startsWith(folder)) return true;
  return false;
}

function stackLines(): readonly string[] {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = FRAMES_MAX;
  const { stack = '' } = new Error();
  Error.stackTraceLimit = limit;
  return stack.split('\n').slice(1);
}
