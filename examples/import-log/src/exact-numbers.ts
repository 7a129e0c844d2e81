const text = /"(?:[^"\\]|\\.)*"/gu;
const longInteger = /(?<![\d.])-?\d{16,}(?![\d.eE])/gu;

/** The first whole number in a JSON text that JavaScript would silently round, if any. */
export function roundedNumber(json: string): string | undefined {
  if (!/\d{16}/u.test(json)) return undefined;
  const numbers = json.replaceAll(text, '""').match(longInteger) ?? [];
  return numbers.find((digits) => BigInt(Number(digits)) !== BigInt(digits));
}
