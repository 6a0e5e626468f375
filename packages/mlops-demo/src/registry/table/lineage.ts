/** Lineage of a table's model: from its name back to the rows, in lines. */
import type { TableManifest } from '../any-manifest.js';

const SHOWN = 12;

export function tableLineageLines({ version, data, lineage }: TableManifest): string[] {
  const { rows, task, versions } = lineage;
  const words = (values: object): string =>
    Object.entries(values)
      .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
      .join(', ');
  return [
    `model     ${version}`,
    `data      ${data.version}: ${data.rows.toLocaleString('en-US')} rows of ${data.source}, sha256 ${rows.slice(0, SHOWN)}`,
    `task      ${words(task)}`,
    `versions  ${words(versions)}`,
  ];
}
