import { TextInput } from '@mantine/core';
import type { FilterFieldProps } from './filter-field.tsx';

/** A day and time of this machine's zone; the address and the API have it in UTC. */
export function InstantField({ name, label, value, onSettled }: FilterFieldProps) {
  return (
    <TextInput
      type="datetime-local"
      aria-label={label}
      leftSection={label}
      leftSectionWidth={42}
      w={222}
      step={1}
      value={localOf(value)}
      onChange={({ currentTarget }) => onSettled(name, utcOf(currentTarget.value))}
    />
  );
}

function localOf(instant: string): string {
  const at = new Date(instant);
  if (Number.isNaN(at.getTime())) return '';
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}

const utcOf = (local: string): string => (local === '' ? '' : new Date(local).toISOString());
