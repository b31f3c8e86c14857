import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Publisher apps, published events, and subscriptions, which are webhooks of published events. */
export class PublisherRegistry1764100000000 implements MigrationInterface {
  name = 'PublisherRegistry1764100000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(registry);
    await runner.query(subscriptions);
    await runner.query(events);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM webhook_event WHERE content_type IS NULL;
      ALTER TABLE webhook_event DROP COLUMN lookup_path, ALTER COLUMN content_type SET NOT NULL;
      DELETE FROM webhook_event WHERE webhook_id IN (SELECT id FROM webhook WHERE subscription_id IS NOT NULL);
      DELETE FROM webhook WHERE subscription_id IS NOT NULL;
      DROP INDEX webhook_of_account, webhook_of_subscription, webhook_of_published_event, webhook_of_permissions;
      ALTER TABLE webhook
        DROP COLUMN subscription_id, DROP COLUMN published_event_id, DROP COLUMN custom_attributes,
        DROP COLUMN permission_lost,
        ADD CONSTRAINT webhook_account_id_target_url_event_type_key UNIQUE (account_id, target_url, event_type);
      DROP TABLE subscription, published_event, publisher_app`);
  }
}

const registry = `
  CREATE TABLE publisher_app (
    id            uuid PRIMARY KEY,          -- shown as app:<uuid>
    account_id    int NOT NULL REFERENCES account,
    tenant        text NOT NULL DEFAULT '',
    name          text NOT NULL,
    permissions   json NOT NULL,             -- [..]; a subscriber needs one role that holds all of them
    created_date  timestamptz NOT NULL DEFAULT now(),
    modified_date timestamptz NOT NULL DEFAULT now(),
    UNIQUE (account_id, tenant)
  );
  CREATE TABLE published_event (
    id            int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    app_id        uuid NOT NULL REFERENCES publisher_app,
    topic         text NOT NULL CHECK (topic IN ('participant', 'entity', 'container')),
    name          varchar(124) NOT NULL,
    type          text NOT NULL,
    description   text NOT NULL,
    event_type    varchar(124) NOT NULL,     -- eventType of the messages that it is tried on
    filter_logic  json,                      -- JSON Logic; null: every message
    get_api_path  text,
    created_date  timestamptz NOT NULL DEFAULT now(),
    modified_date timestamptz NOT NULL DEFAULT now(),
    UNIQUE (app_id, topic, name)
  );
  CREATE INDEX published_event_of_messages ON published_event (topic, event_type);
  CREATE TRIGGER publisher_app_changed AFTER INSERT OR UPDATE OR DELETE ON publisher_app
    FOR EACH ROW EXECUTE FUNCTION notify_changed();
  CREATE TRIGGER published_event_changed AFTER INSERT OR UPDATE OR DELETE ON published_event
    FOR EACH ROW EXECUTE FUNCTION notify_changed()`;

/*
 * is_active of a subscription is what its owner wants; is_active of its webhooks is that, unless the account has lost the
 * permissions or the target has failed too long (disabled_reason). An account may have the same triple once for itself
 * and once in each subscription.
 */
const subscriptions = `
  CREATE TABLE subscription (
    id            uuid PRIMARY KEY,
    account_id    int NOT NULL REFERENCES account,
    tenant        text NOT NULL DEFAULT '',
    app_id        uuid NOT NULL REFERENCES publisher_app,
    topic         text NOT NULL,
    description   text NOT NULL DEFAULT '',
    target_url    varchar(255) NOT NULL,
    signature_key text,                      -- sealed as webhook.secret_key is
    is_active     boolean NOT NULL DEFAULT true,
    custom_attr   boolean NOT NULL DEFAULT false,
    created_date  timestamptz NOT NULL DEFAULT now(),
    modified_date timestamptz NOT NULL DEFAULT now(),
    deleted_date  timestamptz                -- kept, as its webhooks are: their events stay readable
  );
  CREATE INDEX subscription_of_account ON subscription (account_id, tenant, created_date, id)
    WHERE deleted_date IS NULL;
  ALTER TABLE webhook
    ADD COLUMN subscription_id    uuid REFERENCES subscription ON DELETE SET NULL,
    ADD COLUMN published_event_id int REFERENCES published_event ON DELETE SET NULL,
    ADD COLUMN custom_attributes  boolean NOT NULL DEFAULT true, -- false: taken out of the payload
    ADD COLUMN permission_lost    boolean NOT NULL DEFAULT false, -- inactive for that alone: active again with it
    DROP CONSTRAINT webhook_account_id_target_url_event_type_key;
  CREATE UNIQUE INDEX webhook_of_account ON webhook (account_id, target_url, event_type)
    WHERE subscription_id IS NULL;
  CREATE UNIQUE INDEX webhook_of_subscription ON webhook (subscription_id, event_type)
    WHERE subscription_id IS NOT NULL AND deleted_date IS NULL;
  CREATE INDEX webhook_of_published_event ON webhook (published_event_id) WHERE published_event_id IS NOT NULL;
  CREATE INDEX webhook_of_permissions ON webhook (account_id) WHERE published_event_id IS NOT NULL`;

/* A message of a topic is no instance of a content type; its resource, if any, is at a path of its own. */
const events = `
  ALTER TABLE webhook_event ALTER COLUMN content_type DROP NOT NULL, ADD COLUMN lookup_path text`;
