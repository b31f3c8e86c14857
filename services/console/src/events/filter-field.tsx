import { TextInput, type TextInputProps } from '@mantine/core';
import { useEffect, useState } from 'react';

const SETTLES_AFTER_MS = 400;

export interface FilterFieldProps extends Omit<TextInputProps, 'value' | 'onChange' | 'label'> {
  name: string;
  label: string;
  value: string;
  /** Told when typing has paused, so that not every letter is a request. */
  onSettled: (name: string, value: string) => void;
}

/** A text that a list is narrowed by; its label is in it, to save room. */
export function FilterField({ name, label, value, onSettled, ...rest }: FilterFieldProps) {
  const [typed, setTyped] = useState(value);
  const [known, setKnown] = useState(value);
  // The address has changed by other means: going back, or clearing all.
  if (known !== value) {
    setKnown(value);
    setTyped(value);
  }
  useEffect(() => {
    if (typed.trim() === value) return;
    const settling = setTimeout(() => onSettled(name, typed.trim()), SETTLES_AFTER_MS);
    return () => clearTimeout(settling);
  });
  return (
    <TextInput
      {...rest}
      aria-label={label}
      placeholder={label}
      value={typed}
      onChange={({ currentTarget }) => setTyped(currentTarget.value)}
    />
  );
}
