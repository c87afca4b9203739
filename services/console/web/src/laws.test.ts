import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const source = new URL('.', import.meta.url).pathname;
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name) && !name.endsWith('.test.ts'));

function guilty(pattern: RegExp, except: string[] = []): string[] {
  return files.filter((name) => !except.includes(name) && pattern.test(readFileSync(join(source, name), 'utf8')));
}

describe('the source', () => {
  it('is all of it looked at', () => {
    expect(files.length).toBeGreaterThan(60);
  });
  it('asks whether a key is Enter in one place only, or Hangul would be sent half-written', () => {
    const raw = /\.key\s*===?\s*['"`]Enter|['"`]Enter['"`]\s*===?|case\s+['"`]Enter|key(?:Code)?\s*===?\s*(?:13\b|['"`]Enter)|Enter:\s/;
    expect(guilty(raw, ['ui/onEnter.ts']), 'use onEnter() of ui/onEnter.ts').toEqual([]);
  });
  it('makes no markup out of text', () => {
    expect(guilty(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|srcdoc/)).toEqual([]);
  });
  it('never puts what a source sent into an address', () => {
    expect(guilty(/(?:href|src|action|formAction)=\{(?!href\}|customerPath\()/)).toEqual([]);
  });
  it('talks to its own server only', () => {
    expect(guilty(/https?:\/\//)).toEqual([]);
  });
  it('has one subject a file', () => {
    const long = files.filter((name) => readFileSync(join(source, name), 'utf8').split('\n').length > 200 && !name.startsWith('i18n/') && name !== 'api/types.ts');
    expect(long).toEqual([]);
  });
});
