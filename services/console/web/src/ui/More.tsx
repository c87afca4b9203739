import type { UseInfiniteQueryResult } from '@tanstack/react-query';
import { useSpeech } from '../i18n';

/** Reads on in a list that comes in pages. */
export function More({ query }: { query: Pick<UseInfiniteQueryResult, 'hasNextPage' | 'isFetchingNextPage' | 'fetchNextPage'> }) {
  const { t } = useSpeech();
  if (!query.hasNextPage) return null;
  return (
    <button className="btn more-rows" disabled={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
      {query.isFetchingNextPage ? t.loading : t.more}
    </button>
  );
}
