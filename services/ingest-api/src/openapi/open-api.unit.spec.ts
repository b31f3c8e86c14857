import express from 'express';
import request from 'supertest';
import { openApi } from './open-api.ts';

describe('/docs', () => {
  const app = express().use(openApi({ contentTypes: { package: { id: 4, path: 'packages' } } }));

  it('shows the document with what is served beside it, and nothing from elsewhere', async () => {
    const page = await request(app).get('/docs').expect(200).expect('Content-Type', /html/);
    expect(page.headers['content-security-policy']).toMatch(/default-src 'none'; script-src 'self';/);
    expect(page.text).not.toMatch(/<script>|\son\w+=|https?:/);
    const parts = [...page.text.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path as string);
    expect(parts.length).toBe(5);
    for (const path of parts) {
      const { status, text, headers } = await request(app).get(path);
      expect([path, status]).toEqual([path, 200]);
      expect(headers['content-type']).toMatch(/\.js$/.test(path) ? /javascript/ : /css|json/);
      expect(text.length).toBeGreaterThan(50);
    }
  });

  it('has the document without a token', async () => {
    const { body } = await request(app).get('/openapi.json').expect(200).expect('Content-Type', /json/);
    expect(body).toMatchObject({ openapi: '3.1.0', servers: [{ url: '/' }] });
    expect(body.components.schemas.DomainEvent.properties.instance.properties.model.enum).toEqual([
      'package',
    ]);
  });
});
