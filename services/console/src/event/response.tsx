import type { Attempt } from '../api/events.ts';
import { CodeBlock } from '../parts/code-block.tsx';

/** What the target answered: its headers and the first 64 KiB of its content. */
export function Response({ attempt, opened }: { attempt: Attempt; opened: boolean }) {
  const { response_headers: headers, response_content: content, number } = attempt;
  const lines = Object.entries(headers ?? {}).map(([name, value]) => `${name}: ${value}`);
  if (lines.length === 0 && content === '') return null;
  return (
    <details open={opened}>
      <summary>{attempt.error_kind === null ? 'Response' : 'Error'}</summary>
      <CodeBlock label={`Response of attempt ${number}`}>
        {[...lines, lines.length > 0 ? '' : undefined, content]
          .filter((line) => line !== undefined)
          .join('\n')}
      </CodeBlock>
    </details>
  );
}
