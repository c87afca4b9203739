import type { CustomerRow } from '../api/types';
import { useSpeech } from '../i18n';
import { Skeleton } from '../ui/Skeleton';
import { TierBadge } from '../ui/TierBadge';

/** The head of the page from the search row that led here, until the customer itself arrives. */
export function HeaderPreview() {
  const { t } = useSpeech();
  const row = (history.state as { row?: CustomerRow } | null)?.row;
  return (
    <section className="hdr">
      <div className="who">
        <span className="avatar" aria-hidden>·</span>
        <div>
          {row ? (
            <h1>
              <span lang="ko">{row.name || t.home.noName}</span>
              {row.tier && <TierBadge tier={row.tier} />}
              <span className="about">{row.city}</span>
            </h1>
          ) : <Skeleton lines={1} height={30} />}
          <p className="contacts" aria-hidden>&nbsp;</p>
        </div>
      </div>
    </section>
  );
}
