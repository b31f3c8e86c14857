import { Kbd, Modal, Table } from '@mantine/core';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { useRef } from 'react';
import { useNavigate } from 'react-router';
import { places } from './places.ts';

const AFTER_G_MS = 1500;

/** The keys that work on every screen, and the list of all of them. */
export function Keys() {
  const [opened, { toggle, close }] = useDisclosure();
  const navigate = useNavigate();
  const pressedG = useRef(-Infinity);
  useHotkeys([
    ['shift+?', toggle],
    ['?', toggle],
    ['g', () => (pressedG.current = performance.now())],
    ['/', () => document.querySelector<HTMLElement>('[data-search]')?.focus()],
    ...places.map(({ path, key }): [string, () => void] => [
      key,
      () => {
        if (performance.now() - pressedG.current < AFTER_G_MS) void navigate(path);
      },
    ]),
  ]);
  return (
    <Modal opened={opened} onClose={close} title="Keys" closeButtonProps={{ 'aria-label': 'Close' }}>
      <Table>
        <Table.Tbody>
          {rows.map(([keys, does]) => (
            <Table.Tr key={keys}>
              <Table.Td>
                {keys.split(' ').map((key) => (
                  <Kbd key={key} mr={4}>
                    {key}
                  </Kbd>
                ))}
              </Table.Td>
              <Table.Td>{does}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  );
}

const rows: [keys: string, does: string][] = [
  ['j', 'next row'],
  ['k', 'row before'],
  ['Enter', 'open the row'],
  ['/', 'search'],
  ['r', 'resend the event that is open'],
  ...places.map(({ key, name }): [string, string] => [`g ${key}`, `to ${name}`]),
  ['?', 'this list'],
];
