/** Tells this text in a commit from that of other software. */
const mark = 'es1:';

/** A broker takes 4,096 characters of metadata with a commit by default (`offset.metadata.max.bytes`), and Confluent's library adds one. */
export const metadataLimit = 4_095;

/**
 * Says which offsets behind a place are finished: numbers in base 36, joined by dots, of offsets that are unfinished and finished by turns,
 * beginning with unfinished ones. What does not fit is left out, from the end.
 *
 * @param finished - In ascending order, none below the place.
 * @returns an empty text if there is none.
 */
export function encodeRuns(place: number, finished: readonly number[]): string {
  let text = '';
  let end = place;
  for (let index = 0; index < finished.length; ) {
    const start = finished[index] ?? end;
    let next = start;
    while (index < finished.length && finished[index] === next) {
      next += 1;
      index += 1;
    }
    const more = `${text === '' ? mark : '.'}${(start - end).toString(36)}.${(next - start).toString(36)}`;
    if (text.length + more.length > metadataLimit) break;
    text += more;
    end = next;
  }
  return text;
}

/**
 * Reads what {@link encodeRuns} wrote.
 *
 * @param limit - How far behind the place offsets are believed.
 * @returns the finished offsets; none if the text is something else.
 */
export function decodeRuns(place: number, text: string | null | undefined, limit: number): number[] {
  // Confluent's library writes the zero with which texts end in C.
  const runs = text?.endsWith('\0') ? text.slice(0, -1) : (text ?? '');
  if (!/^es1:[\da-z]+(\.[\da-z]+)*$/.test(runs)) return [];
  const finished: number[] = [];
  let end = place;
  for (const [index, run] of runs.slice(mark.length).split('.').entries()) {
    const next = end + Number.parseInt(run, 36);
    if (next - place > limit) return finished;
    if (index % 2 === 1) for (let offset = end; offset < next; offset += 1) finished.push(offset);
    end = next;
  }
  return finished;
}
