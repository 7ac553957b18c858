/** The JSON Schema of mesh scenario files, as it is committed. */
import { meshWorld } from '../../mesh/world.ts';
import { scenarioJsonSchema } from '../../sim/scenario/file/schema.ts';

/** From the project's root. */
export const SCHEMA_PATH = 'schema/scenario.schema.json';

export async function meshSchemaText(): Promise<string> {
  return `${JSON.stringify(await scenarioJsonSchema(meshWorld, 'ref'), undefined, 2)}\n`;
}
