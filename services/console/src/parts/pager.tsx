import { Button, Group, Text } from '@mantine/core';
import { useSearchParams } from 'react-router';
import type { AnswerTo } from '../api/api.ts';

/** What all pages have. */
type Page = Pick<AnswerTo<'listWebhooks'>, 'count' | 'next' | 'previous'> & { results: unknown[] };

/** Where one is in a list, with the page in the address. */
export function Pager({ page, size }: { page: Page; size: number }) {
  const [query, setQuery] = useSearchParams();
  const number = Number(query.get('page') ?? 1);
  const goTo = (wanted: number) =>
    setQuery((previous) => {
      if (wanted > 1) previous.set('page', String(wanted));
      else previous.delete('page');
      return previous;
    });
  const first = (number - 1) * size + 1;
  return (
    <Group justify="space-between" mt="sm" component="nav" aria-label="Pages">
      <Text size="sm" c="dimmed">
        {page.results.length === 0
          ? ''
          : `${first.toLocaleString('en')}–${(first + page.results.length - 1).toLocaleString('en')} of ${page.count.toLocaleString('en')}`}
      </Text>
      <Group gap="xs">
        <Button variant="default" disabled={!page.previous} onClick={() => goTo(number - 1)}>
          Previous
        </Button>
        <Button variant="default" disabled={!page.next} onClick={() => goTo(number + 1)}>
          Next
        </Button>
      </Group>
    </Group>
  );
}
