/** express 5 with a route parameter and a JSON answer of a few hundred bytes, with express's defaults (ETag). */
import { createServer } from 'node:http';
import express from 'express';

const LINES = [
  { sku: 'M8-40-A2', name: 'Hexagon bolt M8 × 40', quantity: 250, cents: 14 },
  { sku: 'M8-DIN934', name: 'Hexagon nut M8', quantity: 250, cents: 4 },
  { sku: 'LB-6203', name: 'Ball bearing 6203-2RS', quantity: 12, cents: 390 },
];

export async function createApp() {
  const app = express();
  app.get('/orders/:id', (request, response) => {
    response.json({
      id: Number(request.params.id),
      status: 'picked',
      customer: { id: 77, name: 'Example Works' },
      lines: LINES,
      totalCents: LINES.reduce((sum, line) => sum + line.quantity * line.cents, 0),
    });
  });
  return { server: createServer(app) };
}
