import { describeEventBus } from '@es/testing';
import { describeWithRabbitMQ } from '@es-internal/services/vitest/use-rabbitmq';
import { busSuite } from './conformance.fixture.ts';

describeWithRabbitMQ('on RabbitMQ', ({ url }) => describeEventBus({ ...busSuite(url, 'none'), traced: false }));
