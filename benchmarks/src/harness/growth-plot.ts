import type { GrowthPoint, Row } from './row.ts';

const width = 720;
const height = 360;
const margin = { left: 72, right: 24, top: 24, bottom: 56 };
const colours = ['#1f77b4', '#d62728', '#2ca02c', '#9467bd'];

interface Series {
  readonly title: string;
  readonly points: readonly GrowthPoint[];
}

/** Two digits after the point: less than that is no pixel. */
const pixel = (value: number): string => value.toFixed(2);
const number = (value: number): string => value.toLocaleString('en-US', { maximumSignificantDigits: 3 });

/** Places values of a logarithmic axis between two pixels. */
const logarithmic = ([low, high]: readonly [number, number], [from, to]: readonly [number, number]) => {
  const span = Math.log(high) - Math.log(low) || 1;
  return (value: number): number => from + ((Math.log(value) - Math.log(low)) / span) * (to - from);
};

/** 1, 2 and 5 times powers of ten that enclose the values. */
const ticksAround = (values: readonly number[]): readonly number[] => {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const exponents = Array.from({ length: 24 }, (_, index) => index - 12);
  const all = exponents.flatMap((exponent) => [1, 2, 5].map((digit) => digit * 10 ** exponent));
  const first = all.findLastIndex((tick) => tick <= low);
  const last = all.findIndex((tick) => tick >= high);
  return all.slice(first, Math.max(last, first + 1) + 1);
};

const text = (x: number, y: number, content: string, anchor: 'start' | 'middle' | 'end'): string =>
  `<text x="${pixel(x)}" y="${pixel(y)}" text-anchor="${anchor}">${content.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</text>`;

const line = (x1: number, y1: number, x2: number, y2: number, stroke: string): string =>
  `<line x1="${pixel(x1)}" y1="${pixel(y1)}" x2="${pixel(x2)}" y2="${pixel(y2)}" stroke="${stroke}"/>`;

const draw = (series: readonly Series[]): string => {
  const points = series.flatMap(({ points }) => points);
  const sizes = [...new Set(points.map(({ events }) => events))].sort((a, b) => a - b);
  const ticks = ticksAround(points.flatMap(({ interval }) => interval));
  const [left, right, top, bottom] = [margin.left, width - margin.right, margin.top, height - margin.bottom];
  const x = logarithmic([sizes[0] ?? 1, sizes.at(-1) ?? 1], [left + 24, right - 24]);
  const y = logarithmic([ticks[0] ?? 1, ticks.at(-1) ?? 1], [bottom, top]);
  const axes = [
    ...ticks.flatMap((tick) => [line(left, y(tick), right, y(tick), '#ddd'), text(left - 8, y(tick) + 4, `${number(tick)} ms`, 'end')]),
    ...sizes.flatMap((size) => [
      line(x(size), bottom, x(size), bottom + 6, '#555'),
      text(x(size), bottom + 20, size.toLocaleString('en-US'), 'middle'),
    ]),
    text((left + right) / 2, height - 12, 'events in the log', 'middle'),
  ];
  const curves = series.flatMap(({ title, points }, index) => {
    const colour = colours[index % colours.length] ?? '#000';
    const path = points.map(({ events, ms }) => `${pixel(x(events))},${pixel(y(ms))}`).join(' ');
    const lastPoint = points.at(-1);
    return [
      `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>`,
      ...points.flatMap(({ events, ms, interval: [low, high] }) => [
        line(x(events), y(low), x(events), y(high), colour),
        `<circle cx="${pixel(x(events))}" cy="${pixel(y(ms))}" r="4" fill="${colour}"/>`,
        text(x(events), y(high) - 8, `${number(ms)} ms`, 'middle'),
      ]),
      ...(lastPoint === undefined ? [] : [text(right, y(lastPoint.ms) + 24, title, 'end')]),
    ];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" fill="#333">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...axes,
    ...curves,
    '</svg>',
    '',
  ].join('\n');
};

/** Draws what one operation takes on logs of several sizes, both axes logarithmic; `undefined` where no row has measured that. */
export const growthPlot = (rows: readonly Row[]): string | undefined => {
  const series = rows.flatMap(({ title, finding }) => (finding?.growth === undefined ? [] : [{ title, points: finding.growth }]));
  return series.length === 0 ? undefined : draw(series);
};
