// The channels as people see them: web and app are one lane, since a person does not switch "channels" by taking
// out a phone.
import { Ellipsis, Globe, MessageSquareText, Phone, Send, Store, type LucideIcon } from 'lucide-react';
import type { Channel } from '../api/types';

export type Lane = Exclude<Channel, 'app'>;

export const lanes: readonly Lane[] = ['web', 'call', 'store', 'inquiry', 'message'];

/** The channels of the API that a lane is made of. */
export function channelsOf(lane: Lane): Channel[] {
  return lane === 'web' ? ['web', 'app'] : [lane];
}

export function laneOf(channel: Channel): Lane {
  return channel === 'app' ? 'web' : channel;
}

export const laneIcons: Record<Lane, LucideIcon> = {
  web: Globe, call: Phone, store: Store, inquiry: MessageSquareText, message: Send, other: Ellipsis,
};

export function laneCounts(byChannel: Partial<Record<Channel, number>>): Record<Lane, number> {
  const count = (lane: Lane) => channelsOf(lane).reduce((sum, channel) => sum + (byChannel[channel] ?? 0), 0);
  return { web: count('web'), call: count('call'), store: count('store'), inquiry: count('inquiry'), message: count('message'), other: count('other') };
}
