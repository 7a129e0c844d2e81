import type { Bar, Finding, Measure, Row } from './row.ts';
import type { Range } from './statistics.ts';

const rounded = (value: number, digits: number): string =>
  value.toLocaleString('en-US', { maximumFractionDigits: digits, minimumFractionDigits: digits });

/** A value with its unit, as people read it. */
export const valueText = (value: number, measure: Measure): string => {
  switch (measure) {
    case 'speed':
      return `${rounded(value, 2)} ×`;
    case 'cost':
      return `${value < 0 ? '−' : '+'}${rounded(Math.abs(value), 1)} %`;
    case 'memory':
      return `${rounded(value, 0)} MiB`;
    case 'latency':
      return `${rounded(value, 1)} ms`;
  }
};

/** A range with its unit. */
export const rangeText = ([low, high]: Range, measure: Measure): string => `${valueText(low, measure)} … ${valueText(high, measure)}`;

/** A bar, such as `≥ 0.50 ×`. */
export const barText = (bar: Bar | null, measure: Measure): string =>
  bar === null ? '–' : `${bar.kind === 'at least' ? '≥' : '≤'} ${valueText(bar.value, measure).replace('+', '')}`;

/** How the row stands, in a word or two; a verdict that the noise could turn says so. */
export const verdictText = ({ verdict, certain }: Row): string => {
  if (verdict === 'no bar') return '–';
  return certain ? verdict : `${verdict}, within noise`;
};

/** Operations a second of either side. */
export const rateText = (finding: Finding, side: 'subject' | 'baseline'): string => {
  const figures = finding[side];
  return figures === undefined ? '–' : `${rounded(figures.perSecond, 0)} ${finding.operations.unit}/s`;
};

/** CPU time of one operation, in microseconds. */
export const cpuText = (finding: Finding, side: 'subject' | 'baseline'): string => {
  const figures = finding[side];
  return figures === undefined ? '–' : `${rounded((figures.cpuMs * 1_000) / finding.operations.count, 1)} µs`;
};
