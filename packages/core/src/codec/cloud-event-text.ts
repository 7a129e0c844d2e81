/** What an attribute must not hold by CloudEvents 1.0: control characters, halves of surrogate pairs, code points that are no characters. */
const forbidden = /[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]/u;
const forbiddenInJson = /[\p{Cc}\p{Noncharacter_Code_Point}]/gu;

/** What nearly all attributes are made of, and what is told apart far sooner. */
const plain = /^[ -~]*$/;

/** Tells whether a text can be an attribute of a CloudEvent. */
export function isAttributeText(text: string): boolean {
  return plain.test(text) || !forbidden.test(text);
}

/** JSON as the text of an attribute: what must not stand in one is escaped. */
export function jsonAttribute(value: unknown): string {
  return JSON.stringify(value).replace(forbiddenInJson, escaped);
}

function escaped(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
