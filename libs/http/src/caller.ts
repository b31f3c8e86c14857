/** Who makes a request: an account, by one of its tokens. */
export interface Caller {
  accountId: number;
  account: string;
  superuser: boolean;
  roles: { name: string; permissions: string[] }[];
  /** The publisher app that the token acts for, `app:<uuid>`. */
  app: string | null;
  tokenId: number;
}
