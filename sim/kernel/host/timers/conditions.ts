// biome-ignore-all lint/style/noRestrictedImports: part of the guards, which stand between runs and the host
/** Which calls are answered from outside, of functions that are pure otherwise. */
import { createPrivateKey, constants as cryptoConstants, type KeyObject } from 'node:crypto';

type Condition = (args: readonly unknown[]) => boolean;

const byCallback: Condition = (args) => typeof args.at(-1) === 'function';

/** By what the function is called in a finding. */
export const CONDITIONS: Readonly<Record<string, Condition>> = {
  // Without a time of its own it takes the host's.
  File: ([, , options]) => typeof options !== 'object' || options === null || !('lastModified' in options),
  // A prime of so many bits is drawn; a given one is not.
  'crypto.createDiffieHellman': ([prime]) => typeof prime === 'number',
  'crypto.decapsulate': byCallback,
  'crypto.diffieHellman': byCallback,
  'crypto.verify': byCallback,
  'crypto.sign': (args) => byCallback(args) || drawsSignature(args[2]),
  'crypto.Sign.prototype.sign': ([key]) => drawsSignature(key),
};

/** Signatures of these keys are the same every time. */
const DRAWS_NOTHING = new Set(['rsa', 'ed25519', 'ed448']);

function drawsSignature(key: unknown): boolean {
  const isOptions = typeof key === 'object' && key !== null;
  if (isOptions && Reflect.get(key, 'padding') === cryptoConstants.RSA_PKCS1_PSS_PADDING) return true;
  const type = keyType(isOptions && 'key' in key ? key.key : key, key);
  return type !== undefined && !DRAWS_NOTHING.has(type);
}

function keyType(key: unknown, options: unknown): string | undefined {
  if (typeof key === 'object' && key !== null && 'asymmetricKeyType' in key) return String(key.asymmetricKeyType);
  try {
    return parsed(options).asymmetricKeyType;
  } catch {
    // Node says itself what is wrong with it.
    return undefined;
  }
}

function parsed(key: unknown): KeyObject {
  return Reflect.apply(createPrivateKey, undefined, [key]);
}
