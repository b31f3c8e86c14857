import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compression } from 'vite-plugin-compression2';

export default defineConfig({
  // Where the ingest API serves it.
  base: '/console/',
  plugins: [react(), compression({ algorithms: ['gzip', 'brotliCompress'] })],
  // The libraries of this project are bundled from their sources, so that they need not be compiled first.
  resolve: { conditions: ['oms-source', 'module', 'browser', 'production'] },
  // The ingest API puts one of its own in here for every page that it sends.
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    // Data URLs would need an exception in the content security policy.
    assetsInlineLimit: 0,
    manifest: true,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '^/(api|whisperer|core)/': process.env.API_URL ?? 'http://127.0.0.1:8080' } },
});
