import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ApiFailure } from '../api/api-failure.ts';
import { findOwnApp } from '../api/registry.ts';

/** The app as which one's own account publishes in this tenant; most accounts have none. */
export function OwnApp({ tenant }: { tenant: string }) {
  const { data, error } = useQuery({
    queryKey: ['registry', 'app', tenant],
    queryFn: () => findOwnApp(tenant),
  });
  if (error instanceof ApiFailure && error.status === 404)
    return (
      <Text size="sm" c="dimmed" mb="md">
        This account publishes nothing in this tenant.
      </Text>
    );
  if (!data) return null;
  const { name, id, permissions } = data.data;
  return (
    <Text size="sm" mb="md">
      This account publishes as <b>{name}</b> (<span className="mono">{id}</span>
      ). Its subscribers need {permissions.join(', ') || 'no permission'}.
    </Text>
  );
}
