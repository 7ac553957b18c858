/**
 * `node dist/tools/build/write-schema.js`, in the project's root, after a build: writes `schema/scenario.schema.json`, by which
 * editors complete and check scenario files, from the schema that reads them.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { meshSchemaText, SCHEMA_PATH } from './scenario-schema.ts';

mkdirSync('schema', { recursive: true });
writeFileSync(SCHEMA_PATH, await meshSchemaText());
