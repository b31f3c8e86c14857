import { Anchor } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { findWebhook } from '../api/webhooks.ts';
import { Answer } from '../parts/answer.tsx';
import { PageHeading } from '../parts/page-heading.tsx';
import { WebhookForm } from './webhook-form.tsx';

/** Making a webhook, or changing one. */
export function Component() {
  const { id } = useParams();
  return id === undefined ? (
    <>
      <Anchor component={Link} to="/webhooks" size="sm">
        Webhooks
      </Anchor>
      <PageHeading title="New webhook" />
      <WebhookForm />
    </>
  ) : (
    <Edit id={id} />
  );
}

function Edit({ id }: { id: string }) {
  const webhook = useQuery({ queryKey: ['webhook', id], queryFn: () => findWebhook(id) });
  return (
    <>
      <Anchor component={Link} to={`/webhooks/${id}`} size="sm">
        Webhook {id}
      </Anchor>
      <PageHeading title="Edit webhook" />
      <Answer query={webhook}>{(data) => <WebhookForm key={data.id} webhook={data} />}</Answer>
    </>
  );
}
