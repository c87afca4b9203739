// Reads a server-sent event stream from a fetch. EventSource cannot start from a position we already have, and
// does not tell a refusal from a lost line; both matter here.

export interface Message {
  event: string;
  data: string;
  id: string;
}

/** Cuts a text that arrives in pieces into messages. Comments (keep-alives) make no message. */
export class Parser {
  private rest = '';
  private id = '';

  push(piece: string): Message[] {
    this.rest += piece;
    const messages: Message[] = [];
    const end = /\r\n\r\n|\n\n|\r\r/;
    for (let cut = end.exec(this.rest); cut; cut = end.exec(this.rest)) {
      const message = this.read(this.rest.slice(0, cut.index));
      this.rest = this.rest.slice(cut.index + cut[0].length);
      if (message) messages.push(message);
    }
    return messages;
  }

  private read(block: string): Message | null {
    let event = 'message';
    const data: string[] = [];
    for (const line of block.split(/\r\n|\n|\r/)) {
      const colon = line.indexOf(':');
      if (colon === 0) continue;
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
      if (field === 'event') event = value;
      else if (field === 'data') data.push(value);
      else if (field === 'id' && !value.includes('\0')) this.id = value;
    }
    return data.length > 0 ? { event, data: data.join('\n'), id: this.id } : null;
  }
}
