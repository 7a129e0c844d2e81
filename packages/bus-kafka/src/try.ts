import { Kafka } from 'kafkajs';
import type { KafkaClient } from './kafka-client.ts';
export const c: KafkaClient = new Kafka({ brokers: [] });
