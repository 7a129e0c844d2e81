import { barText, cpuText, rangeText, rateText, valueText, verdictText } from './figures.ts';
import type { Report } from './report.ts';
import type { Row } from './row.ts';

/** A table: its heading, the names of its columns, its lines. */
interface Table {
  readonly heading: string;
  readonly columns: readonly string[];
  readonly lines: readonly (readonly string[])[];
}

const columnsOf = (rows: readonly Row[]): readonly string[] => {
  const isCost = rows.some((row) => row.finding?.measure === 'cost');
  const result = isCost ? 'cost' : 'result';
  const [subject, baseline] = rows[0]?.sides ?? (isCost ? ['on', 'off'] : ['ours', 'theirs']);
  const others = ['by the other clock', ...(isCost ? ['noise: off against off'] : [])];
  return ['', result, '95 % interval', 'bar', 'verdict', subject, baseline, `CPU each, ${subject}`, baseline, ...others];
};

const lineOf = (row: Row): readonly string[] => {
  const { finding } = row;
  if (finding === null) return [row.title, row.reason ?? '', '', '', verdictText(row), '', '', '', '', ''];
  const { measure, value, interval, byOtherClock, noise } = finding;
  const other = byOtherClock === undefined ? '–' : `${valueText(byOtherClock, measure)} ${finding.clock === 'wall' ? 'CPU' : 'wall'}`;
  return [
    row.title,
    valueText(value, measure),
    rangeText(interval, measure),
    barText(row.bar, measure),
    verdictText(row),
    rateText(finding, 'subject'),
    rateText(finding, 'baseline'),
    cpuText(finding, 'subject'),
    cpuText(finding, 'baseline'),
    other,
    ...(noise === undefined ? [] : [rangeText(noise, measure)]),
  ];
};

const tablesOf = (rows: readonly Row[]): Table[] =>
  [...Map.groupBy(rows, (row) => row.group)].map(([heading, group]) => ({
    heading,
    columns: columnsOf(group),
    lines: group.map(lineOf),
  }));

const summaryOf = ({ date, seconds, machine, packages, rows }: Report): string => {
  const ok = rows.filter((row) => row.verdict === 'ok').length;
  const barred = rows.filter((row) => row.bar !== null).length;
  const versions = Object.entries(packages)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ');
  return [
    `${ok} of ${barred} bars met, on ${date.slice(0, 10)} in ${Math.round(seconds)} s: Node ${machine.node.slice(1)}, ${machine.platform},`,
    `${machine.processor}, ${machine.cores} cores, ${machine.memoryGiB} GiB; ${machine.syncMs.toFixed(2)} ms to force a block onto the disk;`,
    `load ${machine.loadBefore.toFixed(1)} before the start. ${versions}.`,
  ].join('\n');
};

const markdownTable = ({ heading, columns, lines }: Table): string => {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [`### ${heading}`, '', line(columns), line(columns.map((_, index) => (index === 0 ? '---' : '---:'))), ...lines.map(line)].join(
    '\n',
  );
};

/** The report for the README. */
export const markdown = (report: Report): string => [summaryOf(report), ...tablesOf(report.rows).map(markdownTable)].join('\n\n');

/** Of the report's columns, those that fit a terminal. */
const terminalColumns = [1, 4, 3, 0, 5, 6];

const terminalTable = ({ heading, lines }: Table): string => {
  const cells = lines.map((line) => terminalColumns.map((column) => line[column] ?? ''));
  const widths = terminalColumns.map((_, index) => Math.max(...cells.map((line) => line[index]?.length ?? 0)));
  return [
    heading,
    ...cells.map(
      (line) =>
        `  ${line
          .map((cell, index) => cell.padEnd(widths[index] ?? 0))
          .join('  ')
          .trimEnd()}`,
    ),
  ].join('\n');
};

/** The report for a terminal. */
export const plainText = (report: Report): string => [...tablesOf(report.rows).map(terminalTable), summaryOf(report)].join('\n\n');
