/** One page of a list, as Django REST framework has it. */
export interface PageOf<T> {
  count: number;
  next: string | null;
  previous: string | null;
  results: T[];
}
