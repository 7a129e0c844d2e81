import { expect, test } from 'vitest';
import { ConsumerGate } from './consumer-gate.ts';

/** What kafkajs gives an assigner, as far as the gate uses it. */
function groupOf(nodes: number[]): Parameters<ConsumerGate['assigner']>[0] {
  const unused = (): never => {
    throw new Error('not for assigners');
  };
  return {
    groupId: 'group',
    cluster: {
      getNodeIds: () => nodes,
      metadata: unused,
      removeBroker: unused,
      addMultipleTargetTopics: unused,
      isConnected: unused,
      connect: unused,
      disconnect: unused,
      refreshMetadata: unused,
      refreshMetadataIfNecessary: unused,
      addTargetTopic: unused,
      findBroker: unused,
      findControllerBroker: unused,
      findTopicPartitionMetadata: unused,
      findLeaderForPartitions: unused,
      findGroupCoordinator: unused,
      findGroupCoordinatorMetadata: unused,
      defaultOffset: unused,
      fetchTopicsOffset: unused,
    },
    logger: { info: unused, error: unused, warn: unused, debug: unused, namespace: unused, setLogLevel: unused },
  };
}

test('a consumer joins when it may, and is told to ask again when not', () => {
  let mayJoin = false;
  const assigner = new ConsumerGate(() => mayJoin).assigner(groupOf([]));
  expect(() => assigner.protocol({ topics: ['events'] })).toThrow(expect.objectContaining({ type: 'REBALANCE_IN_PROGRESS' }));
  mayJoin = true;
  expect(assigner.protocol({ topics: ['events'] })).toMatchObject({ name: 'RoundRobinAssigner' });
});

test('a consumer that has come to its end neither joins nor looks for nodes to fetch from', () => {
  const gate = new ConsumerGate();
  const group = groupOf([1, 2]);
  const assigner = gate.assigner(group);
  expect(group.cluster.getNodeIds()).toEqual([1, 2]);
  gate.close();
  expect(() => group.cluster.getNodeIds()).toThrow('has come to its end');
  expect(() => assigner.protocol({ topics: ['events'] })).toThrow('has come to its end');
});
