/**
 * `node dist/tools/build/write-schema.js`, in the project's root, after a build: writes `schema/scenario.schema.json`, from
 * the schema that reads scenario files. Editors complete and check the files by it.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { meshSchemaText, SCHEMA_PATH } from './scenario-schema.ts';

mkdirSync('schema', { recursive: true });
writeFileSync(SCHEMA_PATH, await meshSchemaText());
