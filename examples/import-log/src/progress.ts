import type { ImportProgress } from './import-options.ts';

/** Shows how far an import is. */
export interface ProgressDisplay {
  update(progress: ImportProgress, fractionRead: number | undefined): void;
  /** Leaves the terminal as it should be for the next line. */
  end(): void;
}

/** Where progress is written to. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

const BAR_WIDTH = 30;
const ERASE_LINE = '\r\u001b[K';

/** A bar on a terminal, plain lines elsewhere. */
export function progressDisplay(output: ProgressOutput): ProgressDisplay {
  return output.isTTY === true ? progressBar(output) : progressLines(output);
}

function progressBar(output: ProgressOutput): ProgressDisplay {
  const start = performance.now();
  return {
    update: ({ line, events }, fraction) => {
      const rate = events / ((performance.now() - start) / 1000);
      const bar = fraction === undefined ? '' : `${barOf(fraction)} ${percent(fraction)}  `;
      output.write(`${ERASE_LINE}${bar}line ${count(line)}  ${count(Math.round(rate))} events/s`);
    },
    end: () => output.write(ERASE_LINE),
  };
}

/** One line for every tenth of the log; for each update where its size is not known. */
function progressLines(output: ProgressOutput): ProgressDisplay {
  let tenth = 0;
  return {
    update: ({ line }, fraction) => {
      const reached = fraction === undefined ? tenth + 1 : Math.floor(fraction * 10);
      if (reached <= tenth) return;
      tenth = reached;
      output.write(`line ${count(line)}${fraction === undefined ? '' : ` (${percent(fraction)} of the log read)`}\n`);
    },
    end: () => undefined,
  };
}

function barOf(fraction: number): string {
  const filled = Math.round(Math.min(fraction, 1) * BAR_WIDTH);
  return '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
}

function percent(fraction: number): string {
  return `${Math.round(fraction * 100)} %`;
}

function count(value: number): string {
  return value.toLocaleString('en');
}
