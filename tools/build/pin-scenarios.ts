/**
 * `node dist/tools/build/pin-scenarios.js`, in the project's root, after a build: writes the digests of the committed
 * scenarios. Run it after a change that was meant to change them.
 */
import { loadWorld } from '../../sim/sweep/source.ts';
import { currentDigests, writeDigests } from './scenario-digests.ts';

const module = new URL(`../../mesh/world${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url).href;
writeDigests(await currentDigests(await loadWorld({ module, name: 'meshWorld' })));
