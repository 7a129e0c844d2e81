import { slotCount } from './rabbitmq-options.ts';

const offsetBasis = 0x811c9dc5;
const prime = 0x01000193;

/**
 * The slot of an aggregate, the same in every version of this package: FNV-1a (32 bits) over the UTF-16 code units of type, line feed and id,
 * folded into 0 to 63.
 */
export function slotOf(aggregateType: string, aggregateId: string): number {
  const hash = mix(mix(mix(offsetBasis, aggregateType), '\n'), aggregateId);
  // The low bits of FNV vary least: fold the high ones in.
  return ((hash >>> 16) ^ hash) & (slotCount - 1);
}

function mix(hash: number, text: string): number {
  let mixed = hash;
  for (let index = 0; index < text.length; index += 1) mixed = Math.imul(mixed ^ text.charCodeAt(index), prime);
  return mixed;
}
