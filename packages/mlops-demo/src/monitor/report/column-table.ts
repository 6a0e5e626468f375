/**
 * Column table: every column of every window, as a table whose cells are darker the farther a column has moved.
 *
 * in:  WindowReport[] → out: an HTML table, a row a column, a cell a window
 */
import type { WindowReport } from '../../monitor.js';
import type { ColumnDrift } from '../column-drift.js';
import { escapeXml } from './escape-xml.js';

/** Distances at ten times their limit have the darkest cell. */
const DARKEST = 10;

export function columnTable(windows: readonly WindowReport[]): string {
  const names = [...new Set(windows.flatMap(({ inputs }) => inputs.columns.map(({ column }) => column)))];
  const head = windows.map(({ from }) => `<th class="day">${escapeXml(from.slice(5))}</th>`).join('');
  const rows = names.map((name) => {
    const found = windows.map(({ inputs }) => inputs.columns.find(({ column }) => column === name));
    const test = found.find((column) => column !== undefined)?.test ?? '';
    return `<tr><th scope="row">${escapeXml(name)}</th><td class="by">${escapeXml(test)}</td>${found.map(cell).join('')}</tr>`;
  });
  return `<div class="scroll"><table class="heat"><thead><tr><th>column</th><th class="by">by</th>${head}</tr></thead><tbody>
${rows.join('\n')}
</tbody></table></div>`;
}

function cell(column: ColumnDrift | undefined): string {
  if (column === undefined) return '<td></td>';
  const title = `${column.because}; PSI ${column.psi.toFixed(3)}`;
  const strength = strengthOf(column).toFixed(2);
  return `<td class="n${column.drifted ? ' moved' : ''}" style="--s:${strength}" title="${escapeXml(title)}">${column.value.toPrecision(2)}</td>`;
}

/** 0 to 1. A p-value is the stronger the smaller it is. */
function strengthOf({ test, value, limit }: ColumnDrift): number {
  const isP = test === 'Kolmogorov–Smirnov' || test === 'χ²';
  const times = isP ? limit / Math.max(value, limit / DARKEST) : value / limit;
  return Math.min(times / DARKEST, 1);
}
