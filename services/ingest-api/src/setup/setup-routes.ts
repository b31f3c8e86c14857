import type { WantedWebhook } from '@oms-webhooks/config';
import { ApiError, type ApiRequest, type Route, type View } from '@oms-webhooks/http';
import { missingWebhooks } from './missing-webhooks.ts';
import { OmnitronError, type Omnitron } from './omnitron.ts';
import type { SetupRunner } from './setup-runner.ts';
import type { SetupTasks } from './setup-tasks.ts';

export interface SetupDeps {
  setup: {
    tasks: SetupTasks;
    runner: SetupRunner;
    wanted: readonly WantedWebhook[];
    /** The Omnitron service as who makes the request may use it. */
    omnitronFor: (authorization: string | undefined) => Omnitron;
  };
}

const PATH = '/api/v1/oms/setup/webhooks/';
/** Who asks whether setup is required waits for the Omnitron service. */
const ASK_LIMIT_MS = 20_000;

/** The setup step of the webhooks: any token may ask for it, since what is registered is in the settings. */
export function setupRoutes({ setup: { tasks, runner, wanted, omnitronFor } }: SetupDeps): Route[] {
  const omnitronOf = ({ headers }: ApiRequest) => omnitronFor(headers.authorization);

  async function isRequired(request: ApiRequest): Promise<boolean> {
    if (wanted.length === 0) return false;
    const signal = AbortSignal.timeout(ASK_LIMIT_MS);
    const registered = await omnitronOf(request)
      .registered(signal)
      .catch((error: unknown) => {
        if (signal.aborted)
          throw new ApiError(504, { detail: 'The Omnitron service has not answered in time.' });
        if (error instanceof OmnitronError) throw new ApiError(502, { detail: error.message });
        throw error;
      });
    return missingWebhooks(wanted, registered).length > 0;
  }

  const showState: View = async () => ({ status: 200, json: { result: await tasks.state() } });
  const showRequired: View = async (request) => ({
    status: 200,
    json: { result: String(await isRequired(request)) },
  });

  // The published examples ask by POST for what their headings call GET.
  return [
    {
      path: `${PATH}execute/`,
      async POST(request) {
        await runner.start(request.account.account, omnitronOf(request));
        return { status: 204 };
      },
    },
    { path: `${PATH}get_async_status/`, GET: showState, POST: showState },
    { path: `${PATH}is_required/`, GET: showRequired, POST: showRequired },
  ];
}
