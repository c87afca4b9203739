import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// Where `npm run dev` finds the API: a running c360, or the fixture server of dev/.
const api = process.env.C360_API ?? 'http://127.0.0.1:3600';

export default defineConfig({
  plugins: [react()],
  build: {
    target: 'es2023',
    assetsInlineLimit: 0, // the policy of the server allows no data: scripts or fonts
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 500,
    // Whatever the first page needs is one file, also what lazy pages need too: one request, then the customer.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'first', tags: ['$initial'] }] } } },
  },
  server: { proxy: { '/v1': api, '/healthz': api } },
  test: { include: ['src/**/*.test.{ts,tsx}'], environment: 'node' },
});
