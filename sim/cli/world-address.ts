/**
 * Which world a command is about: the one that `--world FILE#NAME` names, or else the one of the nearest package.json
 * (`"sim": { "world": "FILE#NAME" }`), or else MeshOS. A scenario file says the name of its world and never a path: to replay
 * somebody's file must not load code that they chose.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { WorldAddress } from '../sweep/world-file/load.ts';
import { UsageError } from './arguments/values.ts';

/** The world of the user's that is asked for; undefined where none is, which means MeshOS. */
export function addressOfUser(flag: string | undefined, from = process.cwd()): WorldAddress | undefined {
  if (flag !== undefined) return addressIn('--world', flag, from);
  const manifest = nearestManifest(from);
  const configured = manifest === undefined ? undefined : worldIn(manifest);
  return manifest === undefined || configured === undefined
    ? undefined
    : addressIn(`${manifest}: sim.world`, configured, dirname(manifest));
}

/** Whether the commands here are about a world of the user's unless they are told otherwise. */
export function isWorldConfigured(): boolean {
  const manifest = nearestManifest(process.cwd());
  return manifest !== undefined && worldIn(manifest) !== undefined;
}

/** The name of a test may hold a `#`, too. */
const ADDRESS = /^([^#]*|.*?\.[cm]?[jt]sx?)(?:#(.*))?$/s;

function addressIn(where: string, text: string, folder: string): WorldAddress {
  const [, file = text, name] = ADDRESS.exec(text) ?? [];
  if (file === '' || name === '')
    throw new UsageError(`${where}: expected FILE or FILE#NAME; found ${JSON.stringify(text)}`);
  const path = resolve(folder, file);
  if (!isFile(path)) throw new UsageError(`${where}: ${path}: there is no such file`);
  return { module: pathToFileURL(path).href, name };
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function nearestManifest(from: string): string | undefined {
  const path = join(from, 'package.json');
  if (existsSync(path)) return path;
  const above = dirname(from);
  return above === from ? undefined : nearestManifest(above);
}

function worldIn(path: string): string | undefined {
  const text = readFileSync(path, 'utf8');
  // Nearly every manifest says nothing of this, and whatever else is in it is none of ours.
  if (!text.includes('"sim"')) return undefined;
  const world = partOf(partOf(parsed(path, text), 'sim'), 'world');
  if (world === undefined || typeof world === 'string') return world;
  throw new UsageError(`${path}: sim.world: expected a text, FILE#NAME`);
}

function parsed(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`${path}: expected JSON`);
  }
}

function partOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
}
