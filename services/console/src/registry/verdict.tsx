import { Code, Table, Text } from '@mantine/core';
import type { Trial } from '../api/registry.ts';
import { CodeBlock } from '../parts/code-block.tsx';
import { State } from '../parts/state.tsx';

/** What a message would come to, and the value of each expression on the way there. */
export function Verdict({ trial }: { trial: Trial }) {
  const { eventType, filterLogic, subscribers, lookupPath, missingParameter } = trial;
  return (
    <>
      <Text mb="xs">
        <State of={trial.matches ? 'matches' : 'does not match'} />
        {trial.matches &&
          ` · ${subscribers} ${subscribers === 1 ? 'subscriber' : 'subscribers'} would hear of it`}
      </Text>
      {!eventType.matches && (
        <Text size="sm">
          The message’s event type is <Code>{eventType.message}</Code>, the event’s is{' '}
          <Code>{eventType.event}</Code>.
        </Text>
      )}
      {filterLogic.error && <Text size="sm">The filter could not be evaluated: {filterLogic.error}</Text>}
      {filterLogic.explanation.length > 0 && (
        <Table aria-label="Expressions of the filter">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Place</Table.Th>
              <Table.Th>Expression</Table.Th>
              <Table.Th>Value</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {filterLogic.explanation.map(({ path, expression, value, error }) => (
              <Table.Tr key={path}>
                <Table.Td className="mono">{path || '/'}</Table.Td>
                <Table.Td className="mono">{JSON.stringify(expression)}</Table.Td>
                <Table.Td className="mono">{error ?? JSON.stringify(value)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {lookupPath !== null && (
        <Text size="sm" mt="xs">
          The payload would be looked up at <Code>{lookupPath}</Code>.
        </Text>
      )}
      {missingParameter !== null && (
        <Text size="sm" mt="xs">
          The message has nothing for <Code>{missingParameter}</Code>, so it is itself the payload.
        </Text>
      )}
      {trial.payload !== null && (
        <details>
          <summary>Payload</summary>
          <CodeBlock label="Payload">{JSON.stringify(trial.payload, null, 2)}</CodeBlock>
        </details>
      )}
    </>
  );
}
