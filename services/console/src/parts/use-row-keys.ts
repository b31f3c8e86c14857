import { useHotkeys } from '@mantine/hooks';
import type { RefObject } from 'react';

/** `j` and `k` go through the links of a list's rows, which Enter then follows as it does any link. */
export function useRowKeys(list: RefObject<HTMLElement | null>): void {
  const go = (step: 1 | -1) => {
    const links = [...(list.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [])];
    const at = links.findIndex((link) => link === document.activeElement);
    const next = at < 0 ? (step > 0 ? 0 : links.length - 1) : at + step;
    links[next]?.focus();
    links[next]?.scrollIntoView({ block: 'nearest' });
  };
  useHotkeys([
    ['j', () => go(1)],
    ['k', () => go(-1)],
  ]);
}
