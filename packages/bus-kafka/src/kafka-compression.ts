import { InvalidArgumentError } from '@es/core';

/** How records are compressed. For `snappy`, `lz4` and `zstd` a codec has to be registered with kafkajs first. */
export type KafkaCompression = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd';

const compressions: readonly KafkaCompression[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];

/** @throws InvalidArgumentError when there is no such compression. */
export function checkCompression(compression: KafkaCompression = 'none'): KafkaCompression {
  if (compressions.includes(compression)) return compression;
  throw new InvalidArgumentError(
    `KafkaEventBus needs a compression that is one of ${compressions.join(', ')}; it got ${String(compression)}.`,
  );
}
