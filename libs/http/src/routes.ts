import type { ApiRequest } from './api-request.ts';
import type { Reply, Takeover } from './reply.ts';

export type View = (request: ApiRequest) => Promise<Reply | Takeover> | Reply | Takeover;

export const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
export type Method = (typeof METHODS)[number];

/** A row of the URL table. `:name` in the path stands for one segment, given to the views as a parameter. */
export type Route = { path: string } & Partial<Record<Method, View>>;

interface Row {
  path: string;
  views: ReadonlyMap<string, View>;
  /** The value of the `Allow` header, in Django's order. */
  allow: string;
}

export interface Match {
  row: Row;
  params: Record<string, string>;
}

/** Finds the row of a path: paths without parameters by one look-up and before all others, those in the table's order. */
export function compileRoutes(routes: readonly Route[]): (path: string) => Match | undefined {
  const fixed = new Map<string, Match>();
  const patterns: { pattern: RegExp; names: string[]; row: Row }[] = [];
  for (const route of routes) {
    const row = rowOf(route);
    const names = [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => name as string);
    if (names.length === 0) fixed.set(route.path, { row, params: {} });
    else patterns.push({ pattern: patternOf(route.path), names, row });
  }
  return (path) => {
    const match = fixed.get(path);
    if (match) return match;
    for (const { pattern, names, row } of patterns) {
      const values = pattern.exec(path);
      if (values) return withParams(row, names, values.slice(1));
    }
    return undefined;
  };
}

function rowOf(route: Route): Row {
  const views = new Map(METHODS.flatMap((method) => (route[method] ? [[method, route[method]]] : [])));
  const allow = [...views.keys(), ...(views.has('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
  const get = views.get('GET');
  return { path: route.path, views: get ? new Map([...views, ['HEAD', get]]) : views, allow };
}

const patternOf = (path: string) =>
  new RegExp(`^${path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/:\w+/g, '([^/]+)')}$`);

/** A parameter that is not percent-encoded UTF-8 names nothing. */
function withParams(row: Row, names: string[], values: string[]): Match | undefined {
  try {
    return {
      row,
      params: Object.fromEntries(names.map((name, i) => [name, decodeURIComponent(values[i] ?? '')])),
    };
  } catch {
    return undefined;
  }
}
