const start = '<!-- results:start -->';
const end = '<!-- results:end -->';

/** A document with a text put between its two marks. Throws where the marks are missing. */
export const withResults = (document: string, results: string): string => {
  const from = document.indexOf(start);
  const to = document.indexOf(end);
  if (from === -1 || to < from) throw new Error(`The document needs the marks ${start} and ${end}, in that order.`);
  return `${document.slice(0, from + start.length)}\n\n${results}\n\n${document.slice(to)}`;
};
